/**
 * Reads JSON as the Functions host does, whose reader is Newtonsoft.Json: comments, a comma before a closing bracket, single quotes,
 * names without quotes and a byte order mark are all right. Source: JsonTextReader.cs and JObject.cs of JamesNK/Newtonsoft.Json.
 */

import { bigInteger, type NumberOf, toNumber } from "./jsonNumber";

export type JsonObject = Record<string, unknown>;

/** The text of a file, without its byte order mark, as .NET's File.ReadAllText decodes it. */
export function decodeText(bytes: Uint8Array): string {
    const [first, second] = bytes;
    const encoding =
        first === 0xff && second === 0xfe ? "utf-16le" : first === 0xfe && second === 0xff ? "utf-16be" : "utf-8";
    return new TextDecoder(encoding).decode(bytes);
}

/**
 * Parses an object. Throws in Newtonsoft's words, with the path, line and position of the fault. Where it is asked for, whole numbers
 * that a double cannot hold are a `bigint`.
 */
export function parseJsonObject(text: string, { bigIntegers = false } = {}): JsonObject {
    const reader = createReader(text, bigIntegers ? bigInteger : undefined);
    reader.skip();
    if (reader.atEnd()) {
        throw reader.error("Error reading JObject from JsonReader");
    }
    if (reader.peek() !== "{") {
        const kind = reader.peek() === "[" ? "StartArray" : "a value";
        throw reader.error(`Error reading JObject from JsonReader. Current JsonReader item is not an object: ${kind}`);
    }
    return readAll(reader, readObject);
}

/** Parses any value, as JToken.Parse does. Throws as {@link parseJsonObject}. */
export function parseJsonToken(text: string, numberOf?: NumberOf): unknown {
    return readAll(createReader(text, numberOf), readValue);
}

function readAll<T>(reader: Reader, read: (reader: Reader) => T): T {
    const value = read(reader);
    reader.skip();
    if (!reader.atEnd()) {
        throw reader.error(`Additional text encountered after finished reading JSON content: ${reader.peek()}`);
    }
    return value;
}

export function isJsonObject(value: unknown): value is JsonObject {
    return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A property of an object, by its name without regard to case. */
export function propertyOf(object: JsonObject, name: string): unknown {
    if (Object.hasOwn(object, name)) {
        return object[name];
    }
    const lower = name.toLowerCase();
    return Object.entries(object).find(([key]) => key.toLowerCase() === lower)?.[1];
}

const deepest = 64;
// The characters that .NET's char.IsWhiteSpace knows. The list differs from `\s` in \u0085 and \uFEFF.
const space = /[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/;
const nameCharacter = /[\p{L}\p{Nd}_$]/u;
const escapes = new Map(
    Object.entries({ b: "\b", t: "\t", n: "\n", f: "\f", r: "\r", "\\": "\\", '"': '"', "'": "'", "/": "/" }),
);

interface Reader {
    text: string;
    at: number;
    numberOf: NumberOf | undefined;
    /** Names and indexes of the value that is read. */
    path: (string | number)[];
    atEnd(): boolean;
    peek(): string;
    /** Skips white space and, unless told otherwise, comments. */
    skip(withComments?: boolean): void;
    error(message: string): Error;
}

function createReader(text: string, numberOf?: NumberOf): Reader {
    const reader: Reader = {
        text,
        at: 0,
        numberOf,
        path: [],
        atEnd: () => reader.at >= text.length,
        peek: () => text[reader.at] ?? "",
        skip(withComments = true) {
            for (;;) {
                if (space.test(reader.peek()) || reader.peek() === "\0") {
                    reader.at += 1;
                } else if (withComments && reader.peek() === "/") {
                    skipComment(reader);
                } else {
                    return;
                }
            }
        },
        error(message) {
            const lines = text.slice(0, reader.at).split(/\r\n|\r|\n/);
            const path = reader.path
                .map((part, index) => (typeof part === "number" ? `[${part}]` : `${index > 0 ? "." : ""}${part}`))
                .join("");
            const place = `line ${lines.length}, position ${lines.at(-1)?.length ?? 0}`;
            return new Error(`${message.replace(/\.$/, "")}. Path '${path}', ${place}.`);
        },
    };
    return reader;
}

function skipComment(reader: Reader): void {
    const kind = reader.text[reader.at + 1];
    if (kind !== "*" && kind !== "/") {
        throw reader.error(
            kind === undefined
                ? "Unexpected end while parsing comment"
                : `Error parsing comment. Expected: *, got ${kind}`,
        );
    }
    const rest = reader.text.slice(reader.at + 2);
    const length = kind === "/" ? rest.search(/[\r\n]|$/) : rest.indexOf("*/");
    if (length < 0) {
        reader.at = reader.text.length;
        throw reader.error("Unexpected end while parsing comment");
    }
    reader.at += 2 + length + (kind === "*" ? 2 : 0);
}

function readObject(reader: Reader): JsonObject {
    const entries = new Map<string, unknown>();
    enter(reader);
    for (;;) {
        reader.skip();
        if (reader.peek() === "}") {
            reader.at += 1;
            return Object.fromEntries(entries);
        }
        const name = readName(reader);
        reader.path.push(name);
        reader.skip(false);
        if (reader.peek() !== ":") {
            throw reader.error(`Invalid character after parsing property name. Expected ':' but got: ${reader.peek()}`);
        }
        reader.at += 1;
        // The last of several properties of one name counts.
        entries.set(name, readValue(reader));
        readSeparator(reader, "}");
        reader.path.pop();
    }
}

/** An array, or the arguments of a constructor such as `new Date(1)`, whose value the host does not use. */
function readArray(reader: Reader, end: "]" | ")"): unknown[] {
    const items: unknown[] = [];
    enter(reader);
    for (;;) {
        reader.skip();
        if (reader.peek() === end) {
            reader.at += 1;
            return items;
        }
        reader.path.push(items.length);
        items.push(readValue(reader));
        readSeparator(reader, end);
        reader.path.pop();
    }
}

function enter(reader: Reader): void {
    reader.at += 1;
    if (reader.path.length >= deepest) {
        throw reader.error(`The reader's MaxDepth of ${deepest} has been exceeded`);
    }
}

/** Reads the comma after a value, or stops before the end of what holds the value. */
function readSeparator(reader: Reader, end: string): void {
    reader.skip();
    if (reader.peek() === ",") {
        reader.at += 1;
    } else if (reader.atEnd()) {
        throw reader.error(`Unexpected end of content while loading ${end === "}" ? "JObject" : "JArray"}`);
    } else if (reader.peek() !== end) {
        throw reader.error(`After parsing a value an unexpected character was encountered: ${reader.peek()}`);
    }
}

function readName(reader: Reader): string {
    const first = reader.peek();
    if (first === '"' || first === "'") {
        return readString(reader);
    }
    if (reader.atEnd()) {
        throw reader.error("Unexpected end of content while loading JObject");
    }
    if (!nameCharacter.test(first)) {
        throw reader.error(`Invalid property identifier character: ${first}`);
    }
    const start = reader.at;
    while (nameCharacter.test(reader.peek())) {
        reader.at += 1;
    }
    const next = reader.peek();
    if (next !== ":" && !space.test(next)) {
        throw reader.error(
            next === ""
                ? "Unexpected end while parsing unquoted property name"
                : `Invalid JavaScript property identifier character: ${next}`,
        );
    }
    return reader.text.slice(start, reader.at);
}

const words = new Map<string, unknown>([
    ["true", true],
    ["false", false],
    ["null", null],
    ["undefined", undefined],
    ["NaN", Number.NaN],
    ["Infinity", Number.POSITIVE_INFINITY],
    ["-Infinity", Number.NEGATIVE_INFINITY],
]);

function readValue(reader: Reader): unknown {
    reader.skip();
    const first = reader.peek();
    if (first === "{") {
        return readObject(reader);
    }
    if (first === "[") {
        return readArray(reader, "]");
    }
    if (first === '"' || first === "'") {
        return readString(reader);
    }
    // A comma stands for a value that is left out: `[1,,2]`.
    if (first === ",") {
        return undefined;
    }
    if (reader.atEnd()) {
        throw reader.error("Unexpected end of content while loading JObject");
    }
    const word = /^-?[A-Za-z]+/.exec(reader.text.slice(reader.at, reader.at + 12))?.[0] ?? "";
    if (words.has(word)) {
        reader.at += word.length;
        return words.get(word);
    }
    if (word === "new") {
        return readConstructor(reader);
    }
    if (/[-.\d]/.test(first)) {
        return readNumber(reader);
    }
    throw reader.error(`Unexpected character encountered while parsing value: ${first}`);
}

function readConstructor(reader: Reader): undefined {
    const start = /^new\s+[A-Za-z\d]+\s*(?=\()/.exec(reader.text.slice(reader.at))?.[0];
    if (start === undefined) {
        throw reader.error("Unexpected content while parsing JSON");
    }
    reader.at += start.length;
    readArray(reader, ")");
    return undefined;
}

/** A number: decimal, hexadecimal after `0x`, octal after another leading zero. */
function readNumber(reader: Reader): unknown {
    const text = /^[-+a-fA-FxX.\d]+/.exec(reader.text.slice(reader.at))?.[0] ?? "";
    const after = reader.text[reader.at + text.length] ?? "";
    const value = toNumber(text);
    reader.at += text.length;
    if (after !== "" && !space.test(after) && !",}])/".includes(after)) {
        throw reader.error(`Unexpected character encountered while parsing number: ${after}`);
    }
    if (value === undefined) {
        throw reader.error(`Input string '${text}' is not a valid number`);
    }
    return reader.numberOf?.(text, value) ?? value;
}

function readString(reader: Reader): string {
    const quote = reader.peek();
    let value = "";
    for (reader.at += 1; !reader.atEnd(); reader.at += 1) {
        const character = reader.peek();
        if (character === quote) {
            reader.at += 1;
            return value;
        }
        value += character === "\\" ? readEscape(reader) : character;
    }
    throw reader.error(`Unterminated string. Expected delimiter: ${quote}`);
}

/** Reads an escape and stops at its last character. */
function readEscape(reader: Reader): string {
    reader.at += 1;
    const character = reader.peek();
    if (character === "u") {
        const digits = reader.text.slice(reader.at + 1, reader.at + 5);
        if (!/^[\da-f]{4}$/i.test(digits)) {
            throw reader.error(
                digits.length < 4
                    ? "Unexpected end while parsing Unicode escape sequence"
                    : `Invalid Unicode escape sequence: \\u${digits}`,
            );
        }
        reader.at += 4;
        return String.fromCharCode(Number.parseInt(digits, 16));
    }
    const escaped = escapes.get(character);
    if (escaped === undefined) {
        throw reader.error(`Bad JSON escape sequence: \\${character}`);
    }
    return escaped;
}
