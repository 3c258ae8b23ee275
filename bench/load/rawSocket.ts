import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import type { Socket } from "node:net";

/** A WebSocket client with so little code that its own cost hardly changes the measurement of the server. */
export interface RawSocket {
    send(text: string): void;
    /** Called with the payload of each data frame. */
    onFrame: (payload: Buffer) => void;
    /** Reads nothing any more, as a client whose network is stuck. */
    pause(): void;
    resume(): void;
    isOpen(): boolean;
    close(): void;
}

export interface RawSocketOptions {
    /** `http:` with path and query. */
    url: string;
    /** Subprotocol; none by default. */
    protocol?: string;
    onFrame(payload: Buffer): void;
}

const opcodes = { text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

/** Encodes a client's frame. The protocol requires a mask; this one is all zeros, so the payload stays as it is. */
export function encodeClientFrame(payload: Buffer, opcode: number): Buffer {
    if (payload.length > 0xffff) {
        throw new Error(`a frame of this client has at most 65535 bytes, not ${payload.length}`);
    }
    const short = payload.length < 126;
    const head = Buffer.alloc(short ? 6 : 8);
    head[0] = 0x80 | opcode;
    head[1] = 0x80 | (short ? payload.length : 126);
    if (!short) {
        head.writeUInt16BE(payload.length, 2);
    }
    return Buffer.concat([head, payload]);
}

/** Reads every complete frame from the start and returns the rest. Frames from a server have no mask. */
export function readFrames(data: Buffer, onFrame: (opcode: number, payload: Buffer) => void): Buffer {
    let start = 0;
    while (data.length - start >= 2) {
        const kind = (data[start + 1] as number) & 0x7f;
        const head = kind < 126 ? 2 : kind === 126 ? 4 : 10;
        if (data.length - start < head) {
            break;
        }
        const length =
            kind < 126 ? kind : kind === 126 ? data.readUInt16BE(start + 2) : Number(data.readBigUInt64BE(start + 2));
        const end = start + head + length;
        if (data.length < end) {
            break;
        }
        onFrame((data[start] as number) & 0x0f, data.subarray(start + head, end));
        start = end;
    }
    return start === 0 ? data : data.subarray(start);
}

const noAgent = { agent: false } as const;

/** Opens a WebSocket. Rejects unless the server answers with an upgrade. */
export async function openRawSocket(options: RawSocketOptions): Promise<RawSocket> {
    const asking = request(options.url, {
        ...noAgent,
        headers: {
            Connection: "Upgrade",
            Upgrade: "websocket",
            "Sec-WebSocket-Version": "13",
            "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
            ...(options.protocol === undefined ? {} : { "Sec-WebSocket-Protocol": options.protocol }),
        },
    });
    asking.on("response", ({ statusCode }) => asking.destroy(new Error(`the server answered ${statusCode}`)));
    asking.end();
    const [, socket, head] = (await once(asking, "upgrade")) as [IncomingMessage, Socket, Buffer];
    socket.setNoDelay(true);
    socket.on("error", () => socket.destroy());
    const opened: RawSocket = {
        send: (text) => void socket.write(encodeClientFrame(Buffer.from(text, "utf8"), opcodes.text)),
        onFrame: options.onFrame,
        pause: () => void socket.pause(),
        resume: () => void socket.resume(),
        isOpen: () => !socket.destroyed,
        close: () => void socket.destroy(),
    };
    const take = (opcode: number, payload: Buffer): void => {
        if (opcode === opcodes.ping) {
            socket.write(encodeClientFrame(payload, opcodes.pong));
        } else if (opcode === opcodes.close) {
            socket.destroy();
        } else if (opcode === opcodes.text || opcode === opcodes.binary) {
            opened.onFrame(payload);
        }
    };
    let rest: Buffer = head;
    const receive = (data: Buffer): void => {
        rest = readFrames(rest.length === 0 ? data : Buffer.concat([rest, data]), take);
    };
    socket.on("data", receive);
    // Frames that arrived together with the upgrade are read only after the caller has the socket.
    setImmediate(receive, Buffer.alloc(0));
    return opened;
}
