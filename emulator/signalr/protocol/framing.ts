import { ByteStore } from "../../core/byteStore";
import { maxMessageBytes } from "../../core/rest/body";
import { messages } from "../errors";
import { type Cut, type Cutter, ProtocolError } from "./types";

/** Ends every message of the JSON protocol, and the handshake of both protocols. */
export const separator = 0x1e;

/** Longest length prefix, in bytes. */
const maxPrefix = 5;

/** Returns all messages that are complete with this data. Throws `ProtocolError`. */
export function cutAll(cut: Cutter, data: Buffer): Buffer[] {
    const found: Buffer[] = [];
    for (let next = cut(data); next !== undefined; next = cut(next.rest)) {
        found.push(next.message);
        if (next.rest.length === 0) {
            break;
        }
    }
    return found;
}

/** Cuts after each separator. */
export function createSeparatedCutter(): Cutter {
    const begun = new ByteStore();
    return (data) => {
        const end = data.indexOf(separator);
        const part = end < 0 ? data : data.subarray(0, end);
        checkSize(begun.length + part.length);
        if (end < 0) {
            begun.append(data);
            return undefined;
        }
        const rest = data.subarray(end + 1);
        if (begun.length === 0) {
            return { message: part, rest };
        }
        begun.append(part);
        return { message: begun.take(), rest };
    };
}

/** Cuts messages that each follow their length. `limit` is the largest length; it defaults to the service's. */
export function createPrefixedCutter(limit: number = maxMessageBytes): Cutter {
    const begun = new ByteStore();
    /** The prefix of the message that has begun; undefined until it is complete. */
    let prefix: Prefix | undefined;

    function goOn(data: Buffer): Cut | undefined {
        let rest = data;
        while (prefix === undefined && rest.length > 0) {
            begun.append(rest.subarray(0, 1));
            rest = rest.subarray(1);
            prefix = readPrefix(begun.view(), limit);
        }
        if (prefix === undefined) {
            return undefined;
        }
        const lacking = prefix.bytes + prefix.size - begun.length;
        begun.append(rest.subarray(0, lacking));
        if (rest.length < lacking) {
            return undefined;
        }
        const message = begun.take().subarray(prefix.bytes);
        prefix = undefined;
        return { message, rest: rest.subarray(lacking) };
    }

    return (data) => {
        if (begun.length > 0) {
            return goOn(data);
        }
        prefix = readPrefix(data, limit);
        const end = prefix === undefined ? Number.POSITIVE_INFINITY : prefix.bytes + prefix.size;
        if (prefix === undefined || end > data.length) {
            begun.append(data);
            return undefined;
        }
        const message = data.subarray(prefix.bytes, end);
        prefix = undefined;
        return { message, rest: data.subarray(end) };
    };
}

interface Prefix {
    /** Length of the prefix itself. */
    bytes: number;
    /** Length of the message. */
    size: number;
}

/** Reads a length of 7 bits a byte; undefined while it is incomplete. */
function readPrefix(data: Buffer, limit: number): Prefix | undefined {
    let size = 0;
    for (let index = 0; index < data.length; index++) {
        if (index === maxPrefix) {
            throw new ProtocolError("the length of a message is longer than 5 bytes");
        }
        const byte = data[index] as number;
        size += (byte & 0x7f) * 2 ** (7 * index);
        checkSize(size, limit);
        if (byte < 0x80) {
            return { bytes: index + 1, size };
        }
    }
    return undefined;
}

function checkSize(size: number, limit: number = maxMessageBytes): void {
    if (size > limit) {
        throw new ProtocolError(messages.tooLarge);
    }
}
