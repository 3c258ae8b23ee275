import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";

type Operation = (...args: unknown[]) => unknown;

/** Operations that write, with the positions of the paths that they write to. */
const writing: Record<string, readonly number[]> = {
    appendFile: [0],
    chmod: [0],
    chown: [0],
    copyFile: [1],
    cp: [1],
    link: [1],
    mkdir: [0],
    mkdtemp: [0],
    rename: [0, 1],
    rm: [0],
    rmdir: [0],
    symlink: [1],
    truncate: [0],
    unlink: [0],
    utimes: [0],
    writeFile: [0],
};

/**
 * Lets each write into the folder fail as in a mounted package. The app's own calls are refused instead of the files'
 * permissions changed, because the root user may write whatever the permissions are.
 */
export function mountReadOnly(folder: string): void {
    const root = fs.realpathSync(folder);
    const isInside = (target: unknown) => {
        const place = pathOf(target);
        return place !== undefined && [root, path.resolve(folder)].some((mount) => contains(mount, place));
    };
    for (const [name, positions] of Object.entries(writing)) {
        guard(name, (args) => positions.map((at) => args[at]).find(isInside));
    }
    guard("open", ([target, flags]) => (isInside(target) && opensForWriting(flags) ? target : undefined));
    syncBuiltinESMExports();
}

/** Wraps the callback, the synchronous and the promise form of an operation. */
function guard(name: string, refused: (args: unknown[]) => unknown): void {
    const callbacks = fs as unknown as Record<string, Operation>;
    const promises = fs.promises as unknown as Record<string, Operation>;
    const plain = callbacks[name]!;
    callbacks[name] = (...args) => {
        const target = refused(args);
        const callback = args.at(-1);
        if (target === undefined || typeof callback !== "function") {
            return plain(...args);
        }
        return process.nextTick(callback as Operation, readOnlyError(name, target));
    };
    const synchronous = callbacks[`${name}Sync`]!;
    callbacks[`${name}Sync`] = (...args) => {
        const target = refused(args);
        if (target !== undefined) {
            throw readOnlyError(name, target);
        }
        return synchronous(...args);
    };
    const promised = promises[name]!;
    promises[name] = async (...args) => {
        const target = refused(args);
        if (target !== undefined) {
            throw readOnlyError(name, target);
        }
        return promised(...args);
    };
}

function pathOf(target: unknown): string | undefined {
    if (target instanceof URL) {
        return fileURLToPath(target);
    }
    if (typeof target === "string" || Buffer.isBuffer(target)) {
        return path.resolve(String(target));
    }
    return undefined;
}

function contains(folder: string, place: string): boolean {
    const relative = path.relative(folder, place);
    return relative === "" || (!/^\.\.(?:[\\/]|$)/.test(relative) && !path.isAbsolute(relative));
}

function opensForWriting(flags: unknown): boolean {
    const { O_WRONLY, O_RDWR, O_CREAT } = fs.constants;
    return typeof flags === "number"
        ? (flags & (O_WRONLY | O_RDWR | O_CREAT)) !== 0
        : typeof flags === "string" && /[wa+]/.test(flags);
}

function readOnlyError(syscall: string, target: unknown): Error {
    const place = pathOf(target) ?? "";
    return Object.assign(new Error(`EROFS: read-only file system, ${syscall} '${place}'`), {
        code: "EROFS",
        errno: -30,
        syscall,
        path: place,
    });
}
