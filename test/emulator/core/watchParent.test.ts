import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { parentPipe, watchParentArgs } from "../../../emulator/core/watchParent";

/** Starts a process that starts another one as the emulator does. Both write to the pipe that `ended` waits for. */
function startPair(child: string, detached: boolean) {
    const script = `
        const { spawn } = require("node:child_process");
        const args = ${JSON.stringify([...watchParentArgs, "-e", child])};
        spawn(process.execPath, args, { detached: ${detached}, stdio: ["ignore", "inherit", "inherit", "ignore", "pipe"] });
        setInterval(() => undefined, 1e6);`;
    const parent = spawn(process.execPath, ["-e", script], { stdio: ["ignore", "pipe", "inherit"] });
    const ended = once(parent.stdout, "close");
    return { parent, ended, lines: createInterface({ input: parent.stdout })[Symbol.asyncIterator]() };
}

describe("a process that ends with its parent", () => {
    for (const signal of ["SIGKILL", "SIGTERM"] as const) {
        it(`ends after ${signal} of the parent, although its loop is blocked`, async () => {
            const { parent, ended, lines } = startPair('process.stdout.write("blocked\\n"); for (;;);', true);
            assert.equal((await lines.next()).value, "blocked");
            parent.kill(signal);
            await ended;
        });
    }

    it("takes along what it started, when it leads a process group", async () => {
        const grandchild = 'process.stdout.write("here\\\\n"); for (;;);';
        const child = `
            require("node:child_process").spawn(process.execPath, ["-e", '${grandchild}'], { stdio: ["ignore", "inherit", "inherit"] });
            for (;;);`;
        const { parent, ended, lines } = startPair(child, true);
        assert.equal((await lines.next()).value, "here");
        parent.kill("SIGKILL");
        await ended;
    });

    it("ends alone when it leads none", async () => {
        const { parent, ended, lines } = startPair('process.stdout.write("blocked\\n"); for (;;);', false);
        assert.equal((await lines.next()).value, "blocked");
        parent.kill("SIGKILL");
        await ended;
    });

    it("may end before its parent, and leaves no trace in the processes and threads that its code starts", async () => {
        const code = `
            const { Worker } = require("node:worker_threads");
            new Worker("0", { eval: true }).once("exit", (exit) =>
                process.stdout.write(JSON.stringify({ exit, inherited: process.execArgv }) + "\\n"));`;
        const child = spawn(process.execPath, [...watchParentArgs, "-"], {
            stdio: ["pipe", "pipe", "inherit", "ignore", "pipe"],
        });
        child.stdin!.end(code);
        const [line] = await once(createInterface({ input: child.stdout! }), "line");
        assert.deepEqual(JSON.parse(String(line)), { exit: 0, inherited: [] });
        const [exit] = await once(child, "exit");
        assert.equal(exit, 0);
        assert.equal(child.stdio.length, parentPipe + 1);
    });
});
