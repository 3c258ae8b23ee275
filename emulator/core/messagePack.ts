import { type DecoderOptions, decode } from "@msgpack/msgpack";

/** Values may be nested this deep. Source: the limit of the library with which SignalR reads MessagePack (MessagePackSecurity). */
const maxDepth = 500;

/**
 * Decodes one MessagePack value that fills the bytes. Headers are checked first: together they may not claim more values or bytes
 * than are there, because the decoder makes a list of the claimed length at once. Throws when the bytes are not such a value.
 */
export function decodeMessagePack(bytes: Uint8Array, options?: DecoderOptions<undefined>): unknown {
    checkClaims(bytes);
    return decode(bytes, options);
}

/** What follows a head byte: bytes of the value itself, and values inside it. */
interface Claim {
    bytes: number;
    values: number;
}

function checkClaims(bytes: Uint8Array): void {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    /** Values that are still to come at each open level. */
    const open: number[] = [1];
    let owed = 1;
    let at = 0;
    while (open.length > 0) {
        const level = open.length - 1;
        const left = open[level] as number;
        if (left === 0) {
            open.pop();
            continue;
        }
        open[level] = left - 1;
        const claim = readClaim(view, at);
        at += claim.bytes;
        owed += claim.values - 1;
        // A value takes one byte at least.
        if (at + owed > bytes.length) {
            throw new RangeError("MessagePack claims more than there is");
        }
        if (claim.values > 0) {
            if (open.push(claim.values) > maxDepth) {
                throw new RangeError(`MessagePack is nested deeper than ${maxDepth} levels`);
            }
        }
    }
}

/** Reads a head byte and the length after it. Throws a RangeError when the length is cut off. */
function readClaim(view: DataView, at: number): Claim {
    const head = view.getUint8(at);
    if (head < 0x80 || head >= 0xe0) {
        return { bytes: 1, values: 0 };
    }
    if (head < 0x90) {
        return { bytes: 1, values: 2 * (head - 0x80) };
    }
    if (head < 0xa0) {
        return { bytes: 1, values: head - 0x90 };
    }
    if (head < 0xc0) {
        return { bytes: 1 + head - 0xa0, values: 0 };
    }
    const form = forms[head - 0xc0] ?? { length: 0, fixed: 0, kind: "bytes" };
    const size = form.length === 0 ? 0 : readLength(view, { at: at + 1, length: form.length });
    const own = 1 + form.length + form.fixed;
    switch (form.kind) {
        case "bytes":
            return { bytes: own + size, values: 0 };
        case "list":
            return { bytes: own, values: size };
        case "map":
            return { bytes: own, values: 2 * size };
    }
}

function readLength(view: DataView, { at, length }: { at: number; length: number }): number {
    return length === 1 ? view.getUint8(at) : length === 2 ? view.getUint16(at) : view.getUint32(at);
}

interface Form {
    /** Bytes of the length after the head byte. */
    length: number;
    /** Bytes that follow in any case. */
    fixed: number;
    /** What the length counts. */
    kind: "bytes" | "list" | "map";
}

const plain = (fixed: number): Form => ({ length: 0, fixed, kind: "bytes" });
const counted = (length: number, fixed = 0): Form => ({ length, fixed, kind: "bytes" });

/** The values whose head byte is 0xc0 to 0xdf, in order. Source: the MessagePack specification. */
const forms: readonly Form[] = [
    ...[plain(0), plain(0), plain(0), plain(0)], // nil, never used, false, true
    ...[counted(1), counted(2), counted(4)], // bin
    ...[counted(1, 1), counted(2, 1), counted(4, 1)], // ext, with its type
    ...[plain(4), plain(8)], // float
    ...[plain(1), plain(2), plain(4), plain(8)], // uint
    ...[plain(1), plain(2), plain(4), plain(8)], // int
    ...[plain(2), plain(3), plain(5), plain(9), plain(17)], // fixext, with its type
    ...[counted(1), counted(2), counted(4)], // str
    { length: 2, fixed: 0, kind: "list" },
    { length: 4, fixed: 0, kind: "list" },
    { length: 2, fixed: 0, kind: "map" },
    { length: 4, fixed: 0, kind: "map" },
];
