import { encodeFrame } from "../core/service/frames";
import type { Connection } from "./connection";
import type { Outgoing } from "./protocol";

/** Sends a packet to each connection that has a socket in its namespace. All of them share one WebSocket frame. */
export function sendPacket(connections: readonly Connection[], outgoing: Outgoing): void {
    const options: { compress: boolean; wsPreEncodedFrame?: Buffer[] } = { compress: false };
    if (connections.length > 1) {
        // A single buffer, so that each connection costs a single write.
        options.wsPreEncodedFrame = [encodeFrame(Buffer.from(`4${outgoing.packet}`, "utf8"), { binary: false })];
    }
    for (const connection of connections) {
        if (connection.sockets.get(outgoing.namespace)?.state === "connected") {
            connection.transport.send(outgoing.packet, options);
        }
    }
}
