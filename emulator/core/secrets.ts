import { timingSafeEqual } from "node:crypto";

/** Compares in constant time, so that the duration does not reveal how much of the secret was right. */
export function isSameSecret(given: string, expected: string): boolean {
    const [a, b] = [Buffer.from(given), Buffer.from(expected)];
    return a.length === b.length && timingSafeEqual(a, b);
}
