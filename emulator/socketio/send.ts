import * as ws from "ws";
import type { Connection } from "./connection";
import type { Outgoing } from "./protocol";

interface FrameOptions {
    readOnly: boolean;
    mask: boolean;
    rsv1: boolean;
    opcode: number;
    fin: boolean;
}

// ws's types leave its Sender out; Socket.IO's own adapter uses it for the same purpose.
const { Sender } = ws as unknown as { Sender: { frame(data: Buffer, options: FrameOptions): Buffer[] } };

const textFrame: FrameOptions = { readOnly: false, mask: false, rsv1: false, opcode: 1, fin: true };

/** Sends one packet to each connection that has a socket in its namespace. The WebSocket frame is made once for all. */
export function sendPacket(connections: readonly Connection[], outgoing: Outgoing): void {
    const options: { compress: boolean; wsPreEncodedFrame?: Buffer[] } = { compress: false };
    if (connections.length > 1) {
        // One buffer, so that each connection costs one plain write.
        options.wsPreEncodedFrame = [
            Buffer.concat(Sender.frame(Buffer.from(`4${outgoing.packet}`, "utf8"), textFrame)),
        ];
    }
    for (const connection of connections) {
        if (connection.sockets.get(outgoing.namespace)?.state === "connected") {
            connection.transport.send(outgoing.packet, options);
        }
    }
}
