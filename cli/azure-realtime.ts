#!/usr/bin/env node
import { messageOf } from "../emulator/core/errors";
import { createProgram } from "./program";
import { UsageError } from "./words";

const interrupted = new Promise<void>((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) {
        process.once(signal, () => resolve());
    }
});

createProgram({
    outside: {
        print: (line) => void process.stdout.write(`${line}\n`),
        env: process.env,
        fetch,
        now: Date.now,
        interrupted,
    },
    onExitCode: (code) => {
        process.exitCode = code;
    },
})
    .parseAsync()
    .catch((error: unknown) => {
        process.stderr.write(`error: ${messageOf(error)}\n`);
        process.exitCode = error instanceof UsageError ? 2 : 1;
    })
    // A connection that is kept alive would hold the process; what was printed is written out first.
    .finally(() => process.stdout.write("", () => process.exit()));
