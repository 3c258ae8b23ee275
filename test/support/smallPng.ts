import { crc32, deflateSync, inflateSync } from "node:zlib";

const signature = Buffer.from("89504e470d0a1a0a", "hex");
const mostColors = 256;
const mostFrequent = 160;
/** Square of the distance between two colours. */
const leastDifference = 600;

interface Pixels {
    width: number;
    height: number;
    /** Red, green and blue of each pixel as one number. */
    colors: Uint32Array;
}

function chunk(type: string, data: Buffer): Buffer {
    const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
    const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(data.length);
    check.writeUInt32BE(crc32(body) >>> 0);
    return Buffer.concat([length, body, check]);
}

/** Undoes a filter of PNG. Source: W3C PNG Specification, 9.2. */
function unfilter(type: number, [left, up, corner]: [number, number, number]): number {
    switch (type) {
        case 1:
            return left;
        case 2:
            return up;
        case 3:
            return (left + up) >> 1;
        case 4: {
            const [a, b, c] = [Math.abs(up - corner), Math.abs(left - corner), Math.abs(left + up - 2 * corner)];
            return a <= b && a <= c ? left : b <= c ? up : corner;
        }
        default:
            return 0;
    }
}

/** Reads a picture with 8 bits for each of three or four channels, as browsers write it. */
function decode(png: Buffer): Pixels {
    const data: Buffer[] = [];
    let [width, height, bytes] = [0, 0, 3];
    for (let at = signature.length; at < png.length; ) {
        const length = png.readUInt32BE(at);
        const body = png.subarray(at + 8, at + 8 + length);
        const type = png.toString("latin1", at + 4, at + 8);
        if (type === "IHDR") {
            [width, height, bytes] = [body.readUInt32BE(0), body.readUInt32BE(4), body[9] === 6 ? 4 : 3];
        } else if (type === "IDAT") {
            data.push(body);
        }
        at += length + 12;
    }
    const raw = inflateSync(Buffer.concat(data));
    const stride = width * bytes;
    const lines = Buffer.alloc(stride * height);
    for (let y = 0; y < height; y++) {
        const filter = raw[y * (stride + 1)] ?? 0;
        for (let x = 0; x < stride; x++) {
            const here = y * stride + x;
            const left = x < bytes ? 0 : (lines[here - bytes] ?? 0);
            const up = y === 0 ? 0 : (lines[here - stride] ?? 0);
            const corner = x < bytes || y === 0 ? 0 : (lines[here - stride - bytes] ?? 0);
            lines[here] = (raw[y * (stride + 1) + 1 + x] ?? 0) + unfilter(filter, [left, up, corner]);
        }
    }
    const colors = Uint32Array.from({ length: width * height }, (_, pixel) => lines.readUIntBE(pixel * bytes, 3));
    return { width, height, colors };
}

const distance = (a: number, b: number): number =>
    [16, 8, 0].reduce((sum, shift) => sum + (((a >> shift) & 255) - ((b >> shift) & 255)) ** 2, 0);

/** The most frequent colours, and then those that differ much from all before, such as that of a small dot. */
function paletteOf(counts: ReadonlyMap<number, number>): number[] {
    const ordered = [...counts].sort((a, b) => b[1] - a[1]).map(([color]) => color);
    const palette = ordered.slice(0, mostFrequent);
    for (const color of ordered.slice(mostFrequent)) {
        if (palette.length < mostColors && palette.every((other) => distance(other, color) > leastDifference)) {
            palette.push(color);
        }
    }
    return palette;
}

/** The same picture in 256 colours. The edges of letters have many more, which nobody sees. */
export function shrinkPng(png: Buffer): Buffer {
    const { width, height, colors } = decode(png);
    const counts = new Map<number, number>();
    for (const color of colors) {
        counts.set(color, (counts.get(color) ?? 0) + 1);
    }
    const palette = paletteOf(counts);
    const indexes = new Map(palette.map((color, index) => [color, index]));
    for (const color of counts.keys()) {
        if (!indexes.has(color)) {
            const distances = palette.map((candidate) => distance(candidate, color));
            indexes.set(color, distances.indexOf(Math.min(...distances)));
        }
    }
    const lines = Buffer.alloc((width + 1) * height);
    colors.forEach((color, pixel) => {
        lines[pixel + Math.floor(pixel / width) + 1] = indexes.get(color) ?? 0;
    });
    const header = Buffer.alloc(13);
    header.writeUInt32BE(width);
    header.writeUInt32BE(height, 4);
    // 8 bits for each pixel, an index into the palette.
    header.set([8, 3], 8);
    const table = Buffer.alloc(palette.length * 3);
    palette.forEach((color, index) => {
        table.writeUIntBE(color, index * 3, 3);
    });
    return Buffer.concat([
        signature,
        chunk("IHDR", header),
        chunk("PLTE", table),
        chunk("IDAT", deflateSync(lines, { level: 9 })),
        chunk("IEND", Buffer.alloc(0)),
    ]);
}
