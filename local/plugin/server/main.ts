import { messageOf } from "../../../emulator/core/errors";
import { printable } from "../../../emulator/core/printable";
import { acquireLock, type Lock, LockedError } from "../../engine/lock";
import { writeLine } from "../../ui/print";
import { heldExitCode } from "../contact";

const print = (line: string) => writeLine(`${new Date().toISOString()}  ${line}`);

function lockOrExit(options: { folder: string; stack: string }): Lock {
    try {
        return acquireLock(options.folder, options.stack);
    } catch (error) {
        if (error instanceof LockedError) {
            process.exit(heldExitCode);
        }
        print(messageOf(error));
        process.exit(1);
    }
}

/** Runs the background process of one stack: `node main.js <folder> <stack>`. Its output goes to its log. */
export async function runServer([folder = "", stack = ""]: string[]): Promise<void> {
    const lock = lockOrExit({ folder, stack });
    try {
        // Loaded only with the lock: plugins start in pairs, and the second server of a pair has ended by now.
        const { startEmulator } = require("../../../emulator") as typeof import("../../../emulator");
        const { startServer } = require(".") as typeof import(".");
        const server = await startServer({
            folder,
            lock,
            startEmulator,
            log({ level, source, message }) {
                if (level !== "debug" && level !== "trace") {
                    print(`${level}  ${printable(source)}: ${printable(message)}`);
                }
            },
        });
        print(`The local Azure of stack "${stack}" runs in process ${process.pid}.`);
        for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) {
            process.once(signal, () => void server.close());
        }
        await server.ended;
        print("Ended.");
        process.exit(0);
    } catch (error) {
        print(messageOf(error));
        process.exit(1);
    }
}
