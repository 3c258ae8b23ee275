import { basename, dirname, sep } from "node:path";
import { messageOf } from "../../../emulator/core/errors";
import { printable } from "../../../emulator/core/printable";
import { acquireLock, type Lock, LockedError } from "../../engine/lock";
import { dataFolder } from "../../place";
import { announce } from "../../running";
import { writeLine } from "../../ui/print";
import { heldExitCode, wantedFunctionsHost } from "../contact";

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

/** The folder whose data folder holds a stack's; without a data folder the stack's own. */
function projectOf(folder: string): string {
    const end = folder.lastIndexOf(`${sep}${dataFolder}${sep}`);
    return end > 0 ? folder.slice(0, end) : folder;
}

/** Runs the background process of one stack: `node main.js <folder> <stack>`. Its output goes to its log. */
export async function runServer([folder = "", stack = ""]: string[]): Promise<void> {
    const lock = lockOrExit({ folder, stack });
    try {
        const project = basename(dirname(folder));
        const conceal = announce({ pid: process.pid, project, stack, projectDir: projectOf(folder), folder });
        // Loaded only with the lock: plugins start in pairs, and the second server of a pair has ended by now.
        const { startEmulator } = require("../../../emulator") as typeof import("../../../emulator");
        const { startServer } = require(".") as typeof import(".");
        const functionsHost = wantedFunctionsHost(process.env);
        const server = await startServer({
            folder,
            lock,
            ...(functionsHost !== undefined && { functionsHost }),
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
        conceal();
        print("Ended.");
        process.exit(0);
    } catch (error) {
        print(messageOf(error));
        process.exit(1);
    }
}
