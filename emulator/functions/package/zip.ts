import { crc32, createInflateRaw } from "node:zlib";

/** One entry of a zip, as its central directory describes it. */
export interface ZipEntry {
    /** A folder's name ends with a slash. */
    name: string;
    size: number;
    /** Where the entry's own header begins. */
    offset: number;
    compressedSize: number;
    method: number;
    crc: number;
    isEncrypted: boolean;
}

/** The smallest that zlib takes. */
const smallestPiece = 64;
const largestPiece = 64 * 1024;
const endLength = 22;
const longestComment = 65_535;
const signatures = { entry: 0x02014b50, local: 0x04034b50, end: 0x06054b50, end64: 0x06064b50, locator64: 0x07064b50 };
// Fields with these values are stored in their 64-bit form elsewhere.
const elsewhere = { short: 0xffff, long: 0xffffffff };
const utf8Flag = 0x800;
const encryptedFlag = 1;

/** More entries than a package may have. */
export class TooManyEntriesError extends Error {
    override readonly name = "TooManyEntriesError";

    constructor(readonly count: number) {
        super(`it has ${count} files`);
    }
}

/**
 * Lists the entries of a zip. Throws a `TooManyEntriesError` before it reads more than `most`, and an error for bytes that are no zip, or one
 * that was cut. Source: APPNOTE.TXT 6.3.10.
 */
export function listEntries(bytes: Uint8Array, most = Number.POSITIVE_INFINITY): ZipEntry[] {
    const zip = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    try {
        return readDirectory(zip, most);
    } catch (error) {
        // Reading beyond the end of the buffer.
        throw error instanceof RangeError ? new Error("its directory is cut") : error;
    }
}

function readDirectory(zip: Buffer, most: number): ZipEntry[] {
    const { count, start } = readEnd(zip);
    if (count > most) {
        throw new TooManyEntriesError(count);
    }
    const entries: ZipEntry[] = [];
    let at = start;
    for (let index = 0; index < count; index += 1) {
        if (zip.readUInt32LE(at) !== signatures.entry) {
            throw new Error(`entry ${index + 1} of its directory is damaged`);
        }
        const [nameLength, extraLength, commentLength] = [28, 30, 32].map((place) => zip.readUInt16LE(at + place));
        const nameAt = at + 46;
        const extraAt = nameAt + nameLength!;
        const flags = zip.readUInt16LE(at + 8);
        const wide = wideFields(zip.subarray(extraAt, extraAt + extraLength!));
        const long = (place: number) => {
            const value = zip.readUInt32LE(at + place);
            return value === elsewhere.long ? wide() : value;
        };
        const size = long(24);
        const compressedSize = long(20);
        const offset = long(42);
        entries.push({
            name: zip.toString((flags & utf8Flag) === 0 ? "latin1" : "utf8", nameAt, extraAt),
            size,
            compressedSize,
            offset,
            method: zip.readUInt16LE(at + 10),
            crc: zip.readUInt32LE(at + 16),
            isEncrypted: (flags & encryptedFlag) !== 0,
        });
        at = extraAt + extraLength! + commentLength!;
    }
    if (at + 4 <= zip.length && zip.readUInt32LE(at) === signatures.entry) {
        throw new Error(`its directory has more than the ${count} entries that it counts`);
    }
    return entries;
}

/** Number of the entries, and where the directory begins. */
function readEnd(zip: Buffer): { count: number; start: number } {
    for (let at = zip.length - endLength; at >= Math.max(0, zip.length - endLength - longestComment); at -= 1) {
        if (zip.readUInt32LE(at) === signatures.end && at + endLength + zip.readUInt16LE(at + 20) <= zip.length) {
            const count = zip.readUInt16LE(at + 10);
            const start = zip.readUInt32LE(at + 16);
            return count === elsewhere.short || start === elsewhere.long ? readWideEnd(zip, at) : { count, start };
        }
    }
    throw new Error("it has no directory");
}

function readWideEnd(zip: Buffer, end: number): { count: number; start: number } {
    const locator = end - 20;
    if (zip.readUInt32LE(locator) !== signatures.locator64) {
        return { count: zip.readUInt16LE(end + 10), start: zip.readUInt32LE(end + 16) };
    }
    const at = wideNumber(zip, locator + 8);
    if (zip.readUInt32LE(at) !== signatures.end64) {
        throw new Error("its directory is damaged");
    }
    return { count: wideNumber(zip, at + 32), start: wideNumber(zip, at + 48) };
}

/** Reads the 64-bit fields of an entry one after the other. */
function wideFields(extra: Buffer): () => number {
    let fields = Buffer.alloc(0);
    for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2)) {
        if (extra.readUInt16LE(at) === 1) {
            fields = Buffer.from(extra.subarray(at + 4, at + 4 + extra.readUInt16LE(at + 2)));
        }
    }
    let next = 0;
    return () => {
        next += 8;
        return wideNumber(fields, next - 8);
    };
}

function wideNumber(bytes: Buffer, at: number): number {
    const value = bytes.readBigUInt64LE(at);
    if (value > BigInt(Number.MAX_SAFE_INTEGER)) {
        throw new Error("it claims a size that no file has");
    }
    return Number(value);
}

/** Bytes that are not those that were zipped. */
export class DamagedEntryError extends Error {
    override readonly name = "DamagedEntryError";
}

/**
 * The content of an entry, in pieces, so that no file has to fit into memory. Throws a `DamagedEntryError` when the bytes are not those that
 * were zipped: size and CRC-32 must fit. The pieces are whole only when the last one came without an error.
 */
export async function* readEntry(bytes: Uint8Array, entry: ZipEntry): AsyncGenerator<Buffer> {
    const { size, crc } = entry;
    let length = 0;
    let sum = 0;
    for await (const piece of unpacked(packed(bytes, entry), entry)) {
        length += piece.length;
        // The directory's size is the limit, so that an entry that lies about it takes no more of the disk.
        if (length > size) {
            throw new DamagedEntryError(`it has more bytes than the ${size} of its directory`);
        }
        sum = crc32(piece, sum);
        yield piece;
    }
    if (length !== size) {
        throw new DamagedEntryError(`it has ${length} bytes, and its directory says ${size}`);
    }
    if (sum !== crc) {
        throw new DamagedEntryError("its checksum is wrong");
    }
}

function packed(bytes: Uint8Array, { offset, compressedSize, isEncrypted }: ZipEntry): Buffer {
    const zip = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (isEncrypted) {
        throw new DamagedEntryError("it is encrypted, and a package has no password");
    }
    if (offset + 30 > zip.length || zip.readUInt32LE(offset) !== signatures.local) {
        throw new DamagedEntryError("it is not where the directory says");
    }
    const start = offset + 30 + zip.readUInt16LE(offset + 26) + zip.readUInt16LE(offset + 28);
    if (start + compressedSize > zip.length) {
        throw new DamagedEntryError("it is cut");
    }
    return zip.subarray(start, start + compressedSize);
}

async function* unpacked(content: Buffer, { method, size }: ZipEntry): AsyncGenerator<Buffer> {
    if (method === 0) {
        yield content;
        return;
    }
    if (method !== 8) {
        throw new DamagedEntryError(
            `it is compressed with method ${method}; a package may use deflate (8) or none (0)`,
        );
    }
    const inflate = createInflateRaw({ chunkSize: Math.min(Math.max(size + 1, smallestPiece), largestPiece) });
    inflate.end(content);
    try {
        yield* inflate;
    } catch {
        throw new DamagedEntryError("its bytes are damaged");
    }
}
