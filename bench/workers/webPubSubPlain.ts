import { createServer } from "node:http";
import { type WebSocket, WebSocketServer } from "ws";
import { answerCalls } from "../runner/answerCalls";
import { readUsage } from "../runner/usage";
import { listen } from "./listen";
import type { Target } from "./target";

/** A plain WebSocket server that broadcasts to groups in the JSON subprotocol. */
answerCalls({
    async open(): Promise<Target> {
        const server = createServer();
        const sockets = new WebSocketServer({ server, perMessageDeflate: false });
        const groups = new Map<string, Set<WebSocket>>([["all", new Set()]]);
        sockets.on("connection", (socket) => {
            groups.get("all")?.add(socket);
            socket.on("close", () => groups.get("all")?.delete(socket));
            socket.on("message", (data) => {
                const { group, ackId, dataType, data: value } = JSON.parse(String(data));
                const fromUserId = "someone";
                const message = { type: "message", from: "group", group, fromUserId, dataType, data: value };
                const written = JSON.stringify(message);
                for (const member of groups.get(group) ?? []) {
                    member.send(written);
                }
                if (ackId !== undefined) {
                    socket.send(JSON.stringify({ type: "ack", ackId, success: true }));
                }
            });
            socket.send(JSON.stringify({ type: "system", event: "connected" }));
        });
        return { url: await listen(server) };
    },
    usage: readUsage,
});
