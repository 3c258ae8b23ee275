import { createServer } from "node:http";
import { Agent, request } from "undici";
import { WebSocketServer } from "ws";
import { text } from "../load/dialects";
import { answerCalls } from "../runner/answerCalls";
import { readUsage } from "../runner/usage";
import { listen } from "./listen";
import type { OpenOptions, Target } from "./target";

const end = "\u001e";

/** A plain WebSocket server. Makes one HTTP call for each invocation, and sends a message to all clients on request. */
answerCalls({
    async open({ handler }: OpenOptions): Promise<Target> {
        const dispatcher = new Agent();
        const server = createServer((asking, response) => {
            asking.resume().on("end", () => {
                const message = `${JSON.stringify({ type: 1, target: "message", arguments: [text] })}${end}`;
                for (const client of sockets.clients) {
                    client.send(message);
                }
                response.writeHead(202).end();
            });
        });
        const sockets = new WebSocketServer({ server, perMessageDeflate: false });
        sockets.on("connection", (socket) => {
            socket.on("message", async (data) => {
                const message = JSON.parse(String(data).slice(0, -1));
                if (message.type === undefined) {
                    socket.send(`{}${end}`);
                    return;
                }
                const body = JSON.stringify(message);
                const answer = await request(`${handler}/signalr`, { method: "POST", body, dispatcher });
                socket.send(await answer.body.text());
            });
        });
        const address = await listen(server);
        return { url: address, call: { url: `${address}/send`, headers: {}, body: "" } };
    },
    usage: readUsage,
});
