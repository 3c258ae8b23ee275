import { createServer } from "node:http";
import { Server } from "socket.io";
import { Agent, request } from "undici";
import { text } from "../load/dialects";
import { answerCalls } from "../runner/answerCalls";
import { readUsage } from "../runner/usage";
import { listen } from "./listen";
import type { OpenOptions, Target } from "./target";

/** A Socket.IO server that makes one HTTP call for each event, and sends to everyone when it is told to. */
answerCalls({
    async open({ handler }: OpenOptions): Promise<Target> {
        const dispatcher = new Agent();
        const server = createServer((asking, response) => {
            if (asking.url === "/send") {
                asking.resume().on("end", () => {
                    io.emit("message", text);
                    response.writeHead(202).end();
                });
            }
        });
        const io = new Server(server, { perMessageDeflate: false });
        io.on("connection", (socket) => {
            socket.on("echo", async (value: string, acknowledge: (answer: string) => void) => {
                const answer = await request(`${handler}/echo`, { method: "POST", body: value, dispatcher });
                acknowledge(await answer.body.text());
            });
        });
        const address = await listen(server);
        return {
            url: `${address}/socket.io/?EIO=4&transport=websocket`,
            call: { url: `${address}/send`, headers: {}, body: "" },
        };
    },
    usage: readUsage,
});
