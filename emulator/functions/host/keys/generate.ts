import { randomBytes } from "node:crypto";
import { marvin32 } from "./marvin";

/** Seeds of the checksum, eight letters each. A secret scanner distinguishes the kinds by them. */
const seeds = {
    master: 0x4d61737465723030n,
    system: 0x53797374656d3030n,
    function: 0x46756e6374693030n,
} as const;

export type KeyKind = keyof typeof seeds;

const signature = Buffer.from("AzFu", "base64");
const length = 40;
const checksumLength = 4;

/**
 * Makes an identifiable key as the Functions host does: 40 bytes, of which the last seven are a fixed signature and a checksum,
 * in URL-safe base64 with padding, so 56 characters.
 */
export function generateKey({
    kind,
    random = randomBytes,
}: {
    kind: KeyKind;
    random?: (size: number) => Buffer;
}): string {
    const bytes = Buffer.from(random(length));
    signature.copy(bytes, length - checksumLength - signature.length);
    bytes.writeUInt32LE(checksum(bytes, kind), length - checksumLength);
    return bytes.toString("base64").replaceAll("+", "-").replaceAll("/", "_");
}

/** Whether a key has the signature and the checksum of its kind. */
export function isIdentifiableKey({ key, kind }: { key: string; kind: KeyKind }): boolean {
    const bytes = Buffer.from(key, "base64url");
    return (
        /^[\w-]{44}AzFu[\w-]{5}[AQgw]==$/.test(key) &&
        bytes.length === length &&
        bytes.readUInt32LE(length - checksumLength) === checksum(bytes, kind)
    );
}

function checksum(bytes: Buffer, kind: KeyKind): number {
    return marvin32({ bytes: bytes.subarray(0, length - checksumLength), seed: seeds[kind] });
}
