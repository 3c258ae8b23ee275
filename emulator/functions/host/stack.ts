import path from "node:path";
import { pathToFileURL } from "node:url";
import { inspect } from "node:util";

// Node shows frames in the app's own files only: those of Node, of packages and of this host do not say where the app failed.
// The library's source map names its files `webpack://azure/functions/…`, and the frames of JavaScript itself have no file.
const foreign =
    /node_modules[\\/]|\(node:|at node:|at async node:|\[as runInThisContext\]|webpack:\/\/azure\/functions\/|\(<anonymous>\)$/;

/** An error's name and message, the frames of its stack in the app's own files, relative to its folder, and its causes. */
export function describeError(error: unknown, folder: string | undefined): string {
    return describe({ error, folder, depth: 0 });
}

function describe({ error, folder, depth }: { error: unknown; folder: string | undefined; depth: number }): string {
    if (!(error instanceof Error)) {
        return typeof error === "string" ? error : inspect(error, { depth: 3, breakLength: 120 });
    }
    const frames = framesOf(error, folder);
    const lines = [headOf(error), ...frames];
    if (error.cause !== undefined && depth < 5) {
        lines.push(`Caused by: ${describe({ error: error.cause, folder, depth: depth + 1 })}`);
    }
    if (error instanceof AggregateError && depth < 5) {
        lines.push(...error.errors.slice(0, 5).map((one) => `- ${describe({ error: one, folder, depth: depth + 1 })}`));
    }
    return lines.join("\n");
}

function headOf({ name, message, stack = "" }: Error): string {
    // A syntax error's stack begins with its place: `/app/index.js:3`, the line, and a mark below it.
    const place = /^((?:file:\/\/)?\/?[^\n]+:\d+)\n[^\n]*\n\s*\^/.exec(stack)?.[1];
    const head = message === "" ? name : `${name}: ${message}`;
    return place === undefined ? head : `${head}\n    at ${place}`;
}

const ownFolder = path.dirname(__filename);

/** Whether a line of a stack is of Node, a package or this host. */
export function isForeign(line: string): boolean {
    return foreign.test(line) || line.includes(ownFolder) || line.includes(pathToFileURL(ownFolder).href);
}

function framesOf({ stack = "" }: Error, folder: string | undefined): string[] {
    return stack
        .split("\n")
        .filter((line) => /^\s+at /.test(line) && !isForeign(line))
        .map((line) => (folder === undefined ? line : relativeTo(line, path.resolve(folder))));
}

function relativeTo(line: string, folder: string): string {
    return line.replaceAll(`${pathToFileURL(folder).href}/`, "").replaceAll(`${folder}${path.sep}`, "");
}
