import { createServer } from "node:http";
import { Server } from "socket.io";
import { Agent, request } from "undici";
import { text } from "../load/dialects";
import { answerCalls } from "../runner/answerCalls";
import { readUsage } from "../runner/usage";
import { listen } from "./listen";
import type { OpenOptions, Target } from "./target";

let url = "";

/** A Socket.IO server. Makes one HTTP call for each event, and sends a given message to all clients on request. */
answerCalls({
    async open({ handler }: OpenOptions): Promise<Target> {
        const dispatcher = new Agent();
        const server = createServer((asking, response) => {
            if (asking.url === "/send") {
                let body = "";
                asking.setEncoding("utf8");
                asking.on("data", (chunk: string) => {
                    body += chunk;
                });
                asking.on("end", () => {
                    const [event, ...values] = JSON.parse(body) as [string, ...unknown[]];
                    io.emit(event, ...values);
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
        url = `${address}/socket.io/?EIO=4&transport=websocket`;
        return {
            url,
            call: {
                url: `${address}/send`,
                headers: { "Content-Type": "application/json" },
                body: JSON.stringify(["message", text]),
            },
        };
    },
    urls: (count: number) => Array<string>(count).fill(url),
    usage: readUsage,
});
