import * as ws from "ws";

interface FrameOptions {
    readOnly: boolean;
    mask: boolean;
    rsv1: boolean;
    opcode: number;
    fin: boolean;
}

// ws's types leave its Sender out; Socket.IO's own adapter uses it for the same purpose.
const { Sender } = ws as unknown as { Sender: { frame(data: Buffer, options: FrameOptions): Buffer[] } };

/** A whole WebSocket frame of a server, made once for all its receivers. */
export function encodeFrame(data: Buffer, { binary }: { binary: boolean }): Buffer {
    const options = { readOnly: false, mask: false, rsv1: false, opcode: binary ? 2 : 1, fin: true };
    return Buffer.concat(Sender.frame(data, options));
}

/** Writes a frame as it is. The socket must not compress. */
export function sendFrame(socket: ws.WebSocket, frame: Buffer): void {
    (socket as unknown as { _sender: { sendFrame(frames: Buffer[]): void } })._sender.sendFrame([frame]);
}
