import * as ws from "ws";

interface FrameOptions {
    readOnly: boolean;
    mask: boolean;
    rsv1: boolean;
    opcode: number;
    fin: boolean;
}

// The types of ws leave out its Sender. Socket.IO's own adapter uses it for the same purpose.
const { Sender } = ws as unknown as { Sender: { frame(data: Buffer, options: FrameOptions): Buffer[] } };

/** Encodes a server's WebSocket frame, so that one frame serves all receivers. */
export function encodeFrame(data: Buffer, { binary }: { binary: boolean }): Buffer {
    const options = { readOnly: false, mask: false, rsv1: false, opcode: binary ? 2 : 1, fin: true };
    return Buffer.concat(Sender.frame(data, options));
}

/** Writes an encoded frame. The socket must not use compression. */
export function sendFrame(socket: ws.WebSocket, frame: Buffer): void {
    (socket as unknown as { _sender: { sendFrame(frames: Buffer[]): void } })._sender.sendFrame([frame]);
}
