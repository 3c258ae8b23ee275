import assert from "node:assert/strict";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { WebSocketServer } from "ws";
import { openRawSocket, readFrames } from "../../bench/load/rawSocket";

function frame(text: string): Buffer {
    const payload = Buffer.from(text);
    const head = Buffer.from(
        payload.length < 126 ? [0x81, payload.length] : [0x81, 126, payload.length >> 8, payload.length & 0xff],
    );
    return Buffer.concat([head, payload]);
}

describe("the bench's WebSocket client", () => {
    const texts = ["", "short", "x".repeat(125), "y".repeat(126), "z".repeat(3000)];
    const whole = Buffer.concat(texts.map(frame));

    for (const size of [1, 7, 1000, whole.length]) {
        it(`reads frames that come in pieces of ${size} bytes`, () => {
            const seen: string[] = [];
            let rest: Buffer = Buffer.alloc(0);
            for (let start = 0; start < whole.length; start += size) {
                const data = Buffer.concat([rest, whole.subarray(start, start + size)]);
                rest = readFrames(data, (_, payload) => seen.push(payload.toString()));
            }
            assert.deepEqual(seen, texts);
            assert.equal(rest.length, 0);
        });
    }

    it("exchanges frames with a real WebSocket server, including the first frame", async () => {
        const server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
        try {
            await once(server, "listening");
            server.on("connection", (socket) => {
                socket.send("hello");
                socket.on("message", (data) => socket.send(`got ${data}`));
            });
            const long = "a".repeat(200);
            const seen: string[] = [];
            await new Promise<void>((resolve, reject) => {
                openRawSocket({
                    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
                    onFrame: (payload) => seen.push(payload.toString()) === 3 && resolve(),
                }).then((socket) => {
                    socket.send("short");
                    socket.send(long);
                }, reject);
            });
            assert.deepEqual(seen, ["hello", "got short", `got ${long}`]);
        } finally {
            for (const client of server.clients) {
                client.terminate();
            }
            server.close();
        }
    });

    it("reports the server's answer when the server refuses the connection", async () => {
        const server = new WebSocketServer({ port: 0, host: "127.0.0.1", verifyClient: () => false });
        try {
            await once(server, "listening");
            const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
            await assert.rejects(openRawSocket({ url, onFrame() {} }), /the server answered 401/);
        } finally {
            server.close();
        }
    });
});
