import { realpathSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { inspect, stripVTControlCharacters, types } from "node:util";

// Node shows frames in the app's own files only: those of Node, of packages and of this host do not say where the app failed.
// The library's source map names its files `webpack://azure/functions/…`, and the frames of JavaScript itself have no file.
const foreign =
    /node_modules[\\/]|\(node:|at node:|at async node:|\[as runInThisContext\]|webpack:\/\/azure\/functions\/|\(<anonymous>\)$/;

/** An error's name and message, the frames of its stack in the app's own files, relative to its folder, and its causes. */
export function describeError(error: unknown, folder: string | undefined): string {
    try {
        return describe({ error, folder, shown: new Set() });
    } catch {
        // What an app throws may be an object that throws when it is read.
        return "The error cannot be shown, because reading it fails.";
    }
}

const mostShown = 12;

function describe(options: { error: unknown; folder: string | undefined; shown: Set<unknown> }): string {
    const { error, folder, shown } = options;
    if (!isError(error)) {
        return typeof error === "string" ? error : inspect(error, { depth: 3, breakLength: 120 });
    }
    shown.add(error);
    const lines = [headOf(error), ...framesOf(error, folder)];
    const isNew = (one: unknown) => shown.size < mostShown && !shown.has(one);
    if (error.cause !== undefined && isNew(error.cause)) {
        lines.push(`Caused by: ${describe({ ...options, error: error.cause })}`);
    }
    for (const one of errorsOf(error).slice(0, 5)) {
        if (isNew(one)) {
            lines.push(`- ${describe({ ...options, error: one })}`);
        }
    }
    return lines.join("\n");
}

/** Whether a value is an error, also of another context: code that `node:vm` runs has an Error of its own. */
function isError(value: unknown): value is Error {
    return value instanceof Error || types.isNativeError(value);
}

function errorsOf(error: Error): unknown[] {
    const { errors } = error as Partial<AggregateError>;
    return error.name === "AggregateError" && Array.isArray(errors) ? errors : [];
}

function stackOf({ stack }: Error): string {
    return typeof stack === "string" ? stack : "";
}

function headOf(error: Error): string {
    const { name, message } = error;
    // A syntax error's stack begins with its place: `/app/index.js:3`, the line, and a mark below it.
    const place = /^((?:file:\/\/)?\/?[^\n]+:\d+)\n[^\n]*\n\s*\^/.exec(stackOf(error))?.[1];
    const head = message === "" ? name : `${name}: ${message}`;
    return place === undefined ? head : `${head}\n    at ${place}`;
}

const ownFolder = path.dirname(__filename);

/** Whether a line of a stack is of Node, a package or this host. */
export function isForeign(line: string): boolean {
    return foreign.test(line) || line.includes(ownFolder) || line.includes(pathToFileURL(ownFolder).href);
}

// The library of function.json apps is a package of this host, and @azure/functions calls the app's code.
const between = /webpack:\/\/azure\/functions\/|[\\/]azure-functions-3[\\/]|\(?node:internal\//;

/** Whether a line is a frame of a stack that lies between Node and the app's code: of this host, its library, or inside Node. */
export function isHostFrame(line: string, folder = ownFolder): boolean {
    const text = stripVTControlCharacters(line);
    return (
        /^\s+at /.test(text) &&
        (text.includes(`${folder}${path.sep}`) || text.includes(`${pathToFileURL(folder).href}/`) || between.test(text))
    );
}

/** What the app wrote. Of the stacks in it only frames of the app stay, with paths relative to its folder as in the author's own copy. */
export function withOwnFrames(text: string, folder: string | undefined): string {
    if (!text.includes("    at ")) {
        return text;
    }
    const shorten = folder === undefined ? (line: string) => line : shortener(folder);
    const kept: string[] = [];
    let isBelow = false;
    for (const line of text.split("\n")) {
        // The functions of JavaScript itself have no file: below a frame of the library they are the library's.
        isBelow = isHostFrame(line) || (isBelow && /^\s+at .*\(<anonymous>\)( \{)?$/.test(line));
        if (!isBelow) {
            kept.push(shorten(line));
        } else if (line.endsWith(" {") && kept.length > 0) {
            // The properties of the error follow, in braces.
            kept[kept.length - 1] += " {";
        }
    }
    return kept.join("\n");
}

/**
 * Calls what runs the app's code, with no frame of this host below it or waiting for it: V8 would put those frames into the
 * stacks of the app's errors. A bound function has no frame of its own.
 */
export function callDetached<T>(call: () => T | PromiseLike<T>): Promise<T> {
    return new Promise((resolve, reject) => {
        // V8 follows promises, but not functions that are not its own.
        Promise.resolve()
            .then(call)
            .then(
                (value) => resolve(value),
                (error: unknown) => reject(error),
            );
    });
}

function framesOf(error: Error, folder: string | undefined): string[] {
    // A message of several lines is part of the stack, and may quote another one.
    const stack = stackOf(error);
    const head = stack.indexOf(error.message);
    const frames = (head < 0 ? stack : stack.slice(head + error.message.length))
        .split("\n")
        .filter((line) => /^\s+at /.test(line) && !isForeign(line));
    return folder === undefined ? frames : frames.map(shortener(folder));
}

/** Makes the paths of a stack relative to an app's folder. Node names the files by the real path of that folder. */
export function shortener(folder: string): (line: string) => string {
    const starts = startsOf(folder);
    const start = new RegExp(`(^|[\\s(])(?:${starts.map(escaped).join("|")})`, "g");
    return (line) => {
        // Node also names the file on a line of its own, above the line of code that failed.
        const isPlace =
            /^\s*(?:at|\d+:) /.test(stripVTControlCharacters(line)) || starts.some((one) => line.startsWith(one));
        return isPlace ? line.replace(start, "$1") : line;
    };
}

/** A text of Node about files that it cannot load, with their paths relative to an app's folder, and each line once. */
export function withOwnPaths(text: string, folder: string): string {
    const short = startsOf(folder).reduce((given, start) => given.replaceAll(start, ""), text);
    return short
        .split("\n")
        .filter((line, index, lines) => line !== lines[index - 1])
        .join("\n");
}

/** How paths in an app's folder begin, as URLs and as files. */
function startsOf(folder: string): string[] {
    const given = path.resolve(folder);
    const folders = [...new Set([given, realPathOf(given)])];
    return folders.flatMap((one) => [`${pathToFileURL(one).href}/`, `${one}${path.sep}`]);
}

/** Where the app's code was when it asked for something: the frames of its own files, else the first one of a package. */
export function placesOf(stack: string, folder: string | undefined): string[] {
    const frames = stack.split("\n").filter((line) => /^\s+at /.test(line) && !/\(?node:|\(<anonymous>\)/.test(line));
    const own = frames.filter((line) => !isForeign(line));
    const shown = own.length > 0 ? own : frames.filter((line) => !isHostFrame(line)).slice(0, 1);
    return folder === undefined ? shown : shown.map(shortener(folder));
}

/** The folder itself where its real path cannot be read: then frames keep theirs, and the error is told all the same. */
function realPathOf(folder: string): string {
    try {
        return realpathSync(folder);
    } catch {
        return folder;
    }
}

function escaped(text: string): string {
    return text.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");
}
