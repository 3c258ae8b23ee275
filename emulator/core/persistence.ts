import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { messageOf } from "./errors";
import { JsonDepthError, maxFileDepth, parseJson } from "./json";
import { replaceFile } from "./replaceFile";

/** A file cannot be used. The message names the file, the reason and the way out. */
export class FileError extends Error {
    override readonly name = "FileError";

    constructor(
        message: string,
        /** Whether the file was read, but its content is no use. */
        readonly isDamaged: boolean,
    ) {
        super(message);
    }
}

const reasons = new Map([
    ["EACCES", "this user may not read it. Give this user the permission (a run with sudo leaves files of root)"],
    ["EPERM", "this user may not read it. Give this user the permission"],
    ["EISDIR", "it is a folder. Move the folder away"],
    ["ENOTDIR", "a part of its path is a file. Move that file away"],
]);

export function isMissing(error: unknown): boolean {
    return (error as NodeJS.ErrnoException | undefined)?.code === "ENOENT";
}

/** What makes a failure to read, in words, and what to do. */
export function unreadable(path: string, error: unknown): FileError {
    const known = reasons.get((error as NodeJS.ErrnoException | undefined)?.code ?? "");
    return new FileError(`${path} cannot be read: ${known ?? messageOf(error)}, and start again.`, false);
}

/**
 * The bytes of a file; undefined only when there is none. Every other failure to read throws a `FileError`: a caller that took
 * the file for missing would write over it.
 */
export function readBytesIfAny(path: string): Buffer | undefined {
    try {
        return readFileSync(path);
    } catch (error) {
        if (isMissing(error)) {
            return undefined;
        }
        throw unreadable(path, error);
    }
}

/** The text of a file; undefined only when there is none. Throws a `FileError` for every other failure to read. */
export function readTextIfAny(path: string): string | undefined {
    return readBytesIfAny(path)?.toString("utf8");
}

export interface KeptJson {
    path: string;
    /** Why a value is not what this program writes; undefined when it is. */
    faultOf(value: unknown): string | undefined;
    /** What the user does about a damaged file, as a sentence. Defaults to deleting the file. */
    wayOut?: string;
}

/** Reads a JSON file that this program wrote; undefined when there is none. Throws a `FileError` when it is unreadable or damaged. */
export function readKeptJson<T>({ path, faultOf, wayOut }: KeptJson): T | undefined {
    const text = readTextIfAny(path);
    if (text === undefined) {
        return undefined;
    }
    const damaged = (how: string) =>
        new FileError(`${path} ${how}. ${wayOut ?? "Delete the file to start without what it kept."}`, true);
    let value: unknown;
    try {
        value = parseJson(text, maxFileDepth);
    } catch (error) {
        if (error instanceof JsonDepthError) {
            throw damaged(`is damaged: ${error.message}`);
        }
        throw damaged(text.trim() === "" ? "is empty" : "is not JSON, so what it kept cannot be read");
    }
    const fault = faultOf(value);
    if (fault !== undefined) {
        throw damaged(`is damaged: ${fault}`);
    }
    return value as T;
}

export function isRecord(value: unknown): value is Record<string, unknown> {
    return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Says what is wrong with a map whose values must all have one type; undefined when it is right. */
export function mapFault(value: unknown, type: "string" | "number" | "object"): string | undefined {
    if (!isRecord(value)) {
        return "it is not an object";
    }
    const wrong = Object.entries(value).find(([, item]) => typeof item !== type || item === null || item === "");
    return wrong === undefined ? undefined : `"${wrong[0]}" is no ${type}`;
}

/**
 * Writes a file that only this user may read. A reader sees the old content or the new one, never a part of it. A failure leaves
 * nothing behind. The bytes are not forced to the disk, which would cost more than all the rest of a save: after a power cut
 * the file may be damaged, which its reader says.
 */
export function writePrivateFile(path: string, content: string | Uint8Array): void {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    const next = `${path}.next`;
    // A file left behind by a crash would keep its own mode.
    rmSync(next, { force: true });
    try {
        writeFileSync(next, content, { mode: 0o600, flag: "wx" });
        replaceFile(next, path);
    } catch (error) {
        rmSync(next, { force: true });
        throw error;
    }
}

export function writePrivateJsonFile(path: string, value: unknown): void {
    writePrivateFile(path, `${JSON.stringify(value, undefined, 2)}\n`);
}
