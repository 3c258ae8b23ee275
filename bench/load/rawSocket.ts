import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import type { Socket } from "node:net";

/** A WebSocket client that does next to nothing, so that what is measured is the server. */
export interface RawSocket {
    send(text: string): void;
    /** Called with the payload of each data frame. */
    onFrame: (payload: Buffer) => void;
    close(): void;
}

export interface RawSocketOptions {
    /** `http:` with path and query. */
    url: string;
    /** Subprotocol; none by default. */
    protocol?: string;
    onFrame(payload: Buffer): void;
}

const opcodes = { text: 1, binary: 2, ping: 9, pong: 10 } as const;

/** A client's frame: masked as the protocol asks, with a mask that changes nothing. */
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

/** Takes the whole frames off the front and answers what is left. Servers do not mask. */
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

/** Opens a WebSocket; rejects when the server answers anything but an upgrade. */
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
        close: () => void socket.destroy(),
    };
    const take = (opcode: number, payload: Buffer): void => {
        if (opcode === opcodes.ping) {
            socket.write(encodeClientFrame(payload, opcodes.pong));
        } else if (opcode === opcodes.text || opcode === opcodes.binary) {
            opened.onFrame(payload);
        }
    };
    let rest: Buffer = head;
    const receive = (data: Buffer): void => {
        rest = readFrames(rest.length === 0 ? data : Buffer.concat([rest, data]), take);
    };
    socket.on("data", receive);
    // What came with the upgrade is read when the caller has the socket.
    setImmediate(receive, Buffer.alloc(0));
    return opened;
}
