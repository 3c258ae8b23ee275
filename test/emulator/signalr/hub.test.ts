import assert from "node:assert/strict";
import { noRecorder } from "../../../emulator/core/inspect";
import type { LogEntry } from "../../../emulator/core/log";
import type { UpstreamCall } from "../../../emulator/core/upstream/upstream";
import { Hub } from "../../../emulator/signalr/hub";
import type { Packet } from "../../../emulator/signalr/packet";
import { FakeClock } from "../../support/clock";

interface FakeClient {
    packets: Packet[];
    /** Whether the client has stopped reading. */
    isFull: boolean;
    isEnded: boolean;
}

describe("SignalR hub", () => {
    let hub: Hub;
    let log: LogEntry[];
    let calls: UpstreamCall[];
    let clock: FakeClock;

    beforeEach(() => {
        log = [];
        calls = [];
        clock = new FakeClock();
        const settings = { id: "/id", name: "chat", upstream: { templates: [{ urlTemplate: "http://localhost/up" }] } };
        hub = new Hub({
            name: "chat",
            source: "chat",
            clock,
            log: (entry) => void log.push(entry),
            recorder: noRecorder,
            logRefusal: (entry) => void log.push(entry),
            settings: () => settings,
            keys: () => ({ primaryKey: "a", secondaryKey: "b" }),
            createUpstream: () => async (call) => {
                calls.push(call);
                return { status: 200, headers: {}, body: Buffer.alloc(0) };
            },
            full: () => undefined,
        });
    });

    function connect(connectionId: string, protocol: "json" | "messagepack" = "json"): FakeClient {
        const client: FakeClient = { packets: [], isFull: false, isEnded: false };
        const connection = hub.open({
            connectionId,
            client: { hub: "chat", userId: undefined, claims: [], query: "" },
            transport: {
                name: "websocket",
                binary: true,
                send: (packet) => !client.isFull && client.packets.push(packet) > 0,
                end: () => {
                    client.isEnded = true;
                },
                cut: () => {
                    client.isEnded = true;
                },
            },
        });
        hub.receive(connection, Buffer.from(`{"protocol":"${protocol}","version":1}\u001e`));
        return client;
    }

    it("writes and frames a broadcast once for each protocol", () => {
        const clients = [connect("1"), connect("2"), connect("3", "messagepack"), connect("4", "messagepack")];
        hub.send(hub.registry.all(), { target: "news", arguments: [1] });
        const [first, second, third, fourth] = clients.map(({ packets }) => packets.at(-1));
        assert.ok(first !== undefined && first === second);
        assert.ok(third !== undefined && third === fourth);
        assert.equal(first.bytes.toString(), '{"type":1,"target":"news","arguments":[1]}\u001e');
        assert.ok(first.frame() === second?.frame());
        assert.ok(first.event() === second?.event());
        assert.deepEqual([first.binary, third.binary], [false, true]);
    });

    it("closes a client that does not read, logs it, and keeps the others", async () => {
        const [slow, quick] = [connect("slow"), connect("quick")];
        await clock.advance(0);
        slow.isFull = true;
        hub.send(hub.registry.all(), { target: "news", arguments: [] });
        await clock.advance(0);
        assert.deepEqual([slow.isEnded, quick.isEnded, hub.registry.size], [true, false, 1]);
        assert.match(log.at(-1)?.message ?? "", /connection slow: The outbound message queue is full/);
        assert.match(String(calls.at(-1)?.body), /"type":11.*queue is full/);
    });

    it("sends nothing to a client that has not shaken hands", () => {
        const connection = hub.open({
            connectionId: "early",
            client: { hub: "chat", userId: undefined, claims: [], query: "" },
            transport: {
                name: "websocket",
                binary: true,
                send: () => assert.fail("sent too early"),
                cut: () => undefined,
                end: () => undefined,
            },
        });
        hub.send([connection], { target: "news", arguments: [] });
        assert.equal(hub.registry.size, 0);
    });

    it("leaves no client and no timer behind when it closes, and tells nobody upstream", async () => {
        const client = connect("1");
        await clock.advance(0);
        hub.closeAll();
        await clock.advance(0);
        assert.equal(client.isEnded, true);
        assert.equal(hub.registry.size, 0);
        assert.deepEqual(clock.pending(), []);
        assert.deepEqual(
            calls.map(({ event }) => event),
            ["connected"],
        );
    });
});
