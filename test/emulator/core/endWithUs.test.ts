import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";
import { createInterface } from "node:readline";
import { endWithUs } from "../../../emulator/core/endWithUs";
import { until } from "../../support/until";

const root = resolve(__dirname, "../../..");
const blocked = ["-e", "process.on('SIGTERM', () => {}); for (;;) {}"];

function isAlive(pid: number): boolean {
    try {
        process.kill(pid, 0);
        return true;
    } catch {
        return false;
    }
}

/** A process that starts a child with a blocked event loop and prints the child's id. */
async function startParent(): Promise<{ parent: ChildProcess; pid: number }> {
    const code = `const child = require("node:child_process").spawn(process.execPath, ${JSON.stringify(blocked)}, { stdio: "ignore" });
        require("./emulator/core/endWithUs").endWithUs(child);
        console.log(child.pid);
        setInterval(() => undefined, 1000);`;
    const parent = spawn(process.execPath, ["-r", "./test/support/typescript.js", "-e", code], {
        cwd: root,
        stdio: ["ignore", "pipe", "inherit"],
    });
    const [line] = (await once(createInterface({ input: parent.stdout! }), "line")) as [string];
    return { parent, pid: Number(line) };
}

describe("a program whose event loop is blocked", function () {
    if (process.platform === "win32") {
        return;
    }
    this.timeout(60_000);

    for (const signal of ["SIGKILL", "SIGTERM", "SIGINT", "SIGHUP"] as const) {
        it(`ends with the start that ran it, when that gets ${signal}`, async () => {
            const { parent, pid } = await startParent();
            assert.ok(isAlive(pid));
            parent.kill(signal);
            await once(parent, "exit");
            await until(() => !isAlive(pid), "the end of the program");
        });
    }

    it("takes along what it started, when it leads a process group", async () => {
        const grandchild = `process.stdout.write(process.pid + "\\n"); for (;;) {}`;
        const child = `require("node:child_process").spawn(process.execPath, ["-e", ${JSON.stringify(grandchild)}], { stdio: "inherit" }); for (;;) {}`;
        const code = `const child = require("node:child_process").spawn(process.execPath, ["-e", ${JSON.stringify(child)}], { detached: true, stdio: "inherit" });
            require("./emulator/core/endWithUs").endWithUs(child, { group: true });
            setInterval(() => undefined, 1000);`;
        const parent = spawn(process.execPath, ["-r", "./test/support/typescript.js", "-e", code], {
            cwd: root,
            stdio: ["ignore", "pipe", "inherit"],
        });
        const ended = once(parent.stdout, "close");
        const [line] = await once(createInterface({ input: parent.stdout }), "line");
        assert.ok(isAlive(Number(line)));
        parent.kill("SIGKILL");
        // The pipe is closed when the last process of the group has ended.
        await ended;
    });

    it("leaves no guard behind when the program ends before", async () => {
        const child = spawn(process.execPath, ["-e", "setTimeout(() => undefined, 300)"]);
        endWithUs(child);
        const guards = () =>
            new Promise<string>((done) => {
                const ps = spawn("ps", ["-o", "args", "--ppid", String(process.pid)]);
                let text = "";
                ps.stdout.on("data", (data) => {
                    text += data;
                });
                ps.on("close", () => done(text.includes(`kill -KILL "$0" ${child.pid}`) ? "there" : "gone"));
            });
        assert.equal(await guards(), "there");
        await once(child, "exit");
        while ((await guards()) !== "gone") {
            // The guard's own end takes a moment.
        }
    });

    it("needs no guard where the system has one, or the program did not start", () => {
        endWithUs({ pid: undefined } as ChildProcess);
        endWithUs({ pid: process.pid } as ChildProcess, { platform: "win32" });
    });
});
