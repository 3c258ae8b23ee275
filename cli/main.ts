import { CommanderError } from "commander";
import { messageOf } from "../emulator/core/errors";
import { writeLine } from "../local/ui/print";
import { createProgram } from "./program";
import { UsageError } from "./words";

/** The providers for the Pulumi CLI and their server: processes of their own from this file. */
export { runPlugin } from "../local/plugin/main";
export { runServer } from "../local/plugin/server/main";
/** The door for tests of others is in the same file as the command, because both need all of the local Azure. */
export { startLocalAzure } from "../local/testing";

/** Runs the command line of this process to its end. */
export function runCommandLine(): void {
    const interrupted = new Promise<void>((resolve) => {
        // A closed terminal sends SIGHUP.
        for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
            process.once(signal, () => resolve());
        }
    });
    // Writing to a terminal or a pipe that is gone must not end the command before it has cleaned up.
    for (const stream of [process.stdout, process.stderr]) {
        stream.on("error", () => undefined);
    }
    const program = createProgram({
        outside: {
            print: (line) => writeLine(line),
            warn: (line) => writeLine(line, process.stderr),
            env: process.env,
            fetch,
            now: Date.now,
            interrupted,
        },
        onExitCode: (code) => {
            process.exitCode = code;
        },
    });
    for (const command of [program, ...program.commands]) {
        command.exitOverride();
    }
    program
        .parseAsync()
        .catch((error: unknown) => {
            if (error instanceof CommanderError) {
                // Commander has printed the help or the error.
                process.exitCode = error.exitCode === 0 ? 0 : 2;
                return;
            }
            writeLine(`error: ${messageOf(error)}`, process.stderr);
            process.exitCode = error instanceof UsageError ? 2 : 1;
        })
        // A connection that is kept alive would hold the process; what was printed is written out first.
        .finally(() => process.stdout.write("", () => process.exit()));
}
