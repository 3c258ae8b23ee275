import assert from "node:assert/strict";
import { EventQueue } from "../../../emulator/core/service/eventQueue";
import { type Connection, createConnection } from "../../../emulator/socketio/connection";
import { createSender } from "../../../emulator/socketio/send";

interface Sent {
    data: string;
    options: { compress?: boolean; wsPreEncodedFrame?: Buffer[] };
}

function connection(namespace: string, sent: Sent[]): Connection {
    const transport = {
        writeBuffer: [],
        transport: {},
        send: (data: string, options: Sent["options"]) => void sent.push({ data, options }),
    };
    const created = createConnection(
        transport as unknown as Connection["transport"],
        { userId: undefined, connectBody: () => "{}" },
        0,
    );
    created.sockets.set(namespace, { id: "s", namespace, state: "connected", queue: new EventQueue() });
    return created;
}

describe("Socket.IO fan-out", () => {
    const sender = createSender(() => assert.fail("nobody is slow"));
    const packet = { namespace: "/", packet: '2["ä"]', disconnect: false, close: false };

    it("makes the WebSocket frame once for all connections", () => {
        const sent: Sent[] = [];
        sender.toAll([connection("/", sent), connection("/other", sent), connection("/", sent)], packet);
        assert.deepEqual(
            sent.map(({ data }) => data),
            ['2["ä"]', '2["ä"]'],
        );
        const [first, second] = sent;
        assert.equal(first?.options.wsPreEncodedFrame, second?.options.wsPreEncodedFrame);
        const payload = Buffer.from('42["ä"]', "utf8");
        assert.deepEqual(first?.options.wsPreEncodedFrame, [
            Buffer.concat([Buffer.from([0x81, payload.length]), payload]),
        ]);
    });

    it("makes none for a single connection", () => {
        const sent: Sent[] = [];
        sender.toAll([connection("/", sent)], packet);
        assert.equal(sent[0]?.options.wsPreEncodedFrame, undefined);
    });
});
