import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer as createHttpServer } from "node:http";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { forward } from "../../../emulator/functions/host/http/forward";

describe("a request that is forwarded to another process", () => {
    const servers: Server[] = [];
    const sockets = new Set<Socket>();
    afterEach(() => {
        for (const socket of sockets) {
            socket.destroy();
        }
        for (const server of servers.splice(0)) {
            server.close();
        }
    });

    async function open(server: Server): Promise<number> {
        servers.push(server);
        server.on("connection", (socket: Socket) => void sockets.add(socket));
        server.listen(0, "127.0.0.1");
        await once(server, "listening");
        return (server.address() as AddressInfo).port;
    }

    /** What a caller gets when that process writes this. */
    async function answerTo(text: string): Promise<{ status: number; body: string }> {
        const port = await open(createServer((socket) => socket.once("data", () => socket.end(text))));
        const front = createHttpServer((request, response) => void forward({ request, response, port }));
        const response = await fetch(`http://127.0.0.1:${await open(front)}/`);
        return { status: response.status, body: await response.text() };
    }

    it("is answered as that process answers", async () => {
        const text = "HTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\nok";
        assert.deepEqual(await answerTo(text), { status: 201, body: "ok" });
    });

    for (const [what, text, status] of [
        ["a status that no answer has", "HTTP/1.1 099 X\r\nContent-Length: 0\r\n\r\n", 502],
        ["the status 0", "HTTP/1.1 000 X\r\nContent-Length: 0\r\n\r\n", 502],
        ["what is not HTTP", "hello\r\n\r\n", 503],
        ["nothing", "", 503],
    ] as const) {
        it(`gets ${status} when that process writes ${what}, and nothing else ends`, async () => {
            assert.equal((await answerTo(text)).status, status);
        });
    }
});
