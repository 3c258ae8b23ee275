import { createHash, randomBytes } from "node:crypto";

/** Returns a whole number from 0 up to `limit`, and never `limit` itself. */
export type Draw = (limit: number) => number;

/** Draws numbers. With a seed they are the same each time, but not those that Go's generator draws on Azure. */
export function createDraw(seed?: unknown): Draw {
    let drawn = 0;
    const bytes =
        typeof seed === "string" && seed !== ""
            ? () => createHash("sha256").update(`${drawn++} ${seed}`).digest()
            : () => randomBytes(32);
    return (limit) => Number(BigInt(`0x${bytes().toString("hex")}`) % BigInt(limit));
}

/** Puts the items in a random order. */
export function shuffle<T>(items: readonly T[], draw: Draw): T[] {
    const result = [...items];
    for (let last = result.length - 1; last > 0; last--) {
        const other = draw(last + 1);
        [result[last], result[other]] = [result[other]!, result[last]!];
    }
    return result;
}
