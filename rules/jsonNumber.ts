/** What a number in JSON becomes. Undefined for JavaScript's number. */
export type NumberOf = (text: string, value: number) => unknown;

/** Makes a `bigint` of a whole number that a double cannot hold. */
export const bigInteger: NumberOf = (text, value) =>
    /^-?\d+$/.test(text) && !Number.isSafeInteger(value) ? BigInt(text) : undefined;

/** Reads a number as Newtonsoft.Json does: decimal, hexadecimal after `0x`, octal after another leading zero. */
export function toNumber(text: string): number | undefined {
    if (/^0x[\da-f]+$/i.test(text)) {
        return Number.parseInt(text, 16);
    }
    if (/^0\d+$/.test(text)) {
        return /^[0-7]+$/.test(text) ? Number.parseInt(text, 8) : undefined;
    }
    return /^-?(\d+(\.\d*)?|\.\d+)(e[-+]?\d+)?$/i.test(text) ? Number(text) : undefined;
}
