/** The Marvin hash: 64 bits of a byte string under a 64-bit seed. */
export function marvin64({ bytes, seed }: { bytes: Uint8Array; seed: bigint }): bigint {
    let low = Number(seed & 0xffffffffn);
    let high = Number(seed >> 32n);
    const mix = (word: number) => {
        low = (low + word) >>> 0;
        high = (high ^ low) >>> 0;
        low = (rotateLeft(low, 20) + high) >>> 0;
        high = (rotateLeft(high, 9) ^ low) >>> 0;
        low = (rotateLeft(low, 27) + high) >>> 0;
        high = rotateLeft(high, 19);
    };
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const whole = bytes.length - (bytes.length % 4);
    for (let offset = 0; offset < whole; offset += 4) {
        mix(view.getUint32(offset, true));
    }
    // The remaining bytes, with a marker byte above them that encodes their number.
    let last = 0x80;
    for (let offset = bytes.length - 1; offset >= whole; offset -= 1) {
        last = ((last << 8) | bytes[offset]!) >>> 0;
    }
    mix(last);
    mix(0);
    return (BigInt(high) << 32n) | BigInt(low);
}

/** The Marvin hash folded to 32 bits. */
export function marvin32(options: { bytes: Uint8Array; seed: bigint }): number {
    const hash = marvin64(options);
    return Number((hash ^ (hash >> 32n)) & 0xffffffffn);
}

function rotateLeft(value: number, bits: number): number {
    return ((value << bits) | (value >>> (32 - bits))) >>> 0;
}
