import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { runCheck } from "../../local/check";
import { buildPackage } from "../support/build";
import { createWorkbench, type Workbench } from "../support/local";

const root = resolve(__dirname, "../..");

interface Ended {
    code: number | null;
    output: string;
}

/** Runs the command line in a new process, and interrupts it at the first line that matches. */
function runCli(options: {
    args: string[];
    projectDir: string;
    interruptAt?: RegExp;
    signal?: NodeJS.Signals;
}): Promise<Ended> {
    const flags = [join(root, "dist/cli/azure-realtime.js"), ...options.args, "-C", options.projectDir];
    const child = spawn(process.execPath, flags, { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    let interrupted = false;
    const onData = (chunk: Buffer) => {
        output += chunk;
        if (interrupted || !options.interruptAt?.test(output)) {
            return;
        }
        interrupted = true;
        child.kill(options.signal ?? "SIGINT");
    };
    child.stdout.on("data", onData);
    child.stderr.on("data", onData);
    return new Promise((done) => child.on("close", (code) => done({ code, output })));
}

describe("the command line", function () {
    this.timeout(60_000);
    let bench: Workbench;
    before(buildPackage);
    beforeEach(() => {
        bench = createWorkbench({ program: "random.ts" });
    });
    afterEach(() => bench.close());
    const run = (args: string[], interruptAt?: RegExp) =>
        runCli({ args, projectDir: bench.projectDir, ...(interruptAt && { interruptAt }) });

    it("serves until Ctrl-C, ends with 130, and down removes everything", async () => {
        const started = await run(["start"], /Serving until Ctrl-C/);
        assert.equal(started.code, 130, started.output);
        assert.match(started.output, /^created +random:RandomString +suffix +\d\.\d s$/m);
        assert.match(started.output, /^ {2}secret +\[secret\]$/m);
        assert.doesNotMatch(started.output, /\n\s+at |Warning/);
        const down = await run(["down"]);
        assert.equal(down.code, 0, down.output);
        assert.match(down.output, /^deleted +random:RandomString +suffix/m);
        assert.equal(existsSync(join(bench.projectDir, ".azure-realtime/local")), false);
    });

    for (const signal of ["SIGTERM", "SIGHUP"] as const) {
        it(`ends after ${signal} as after Ctrl-C, without its lock`, async function () {
            if (process.platform === "win32") {
                this.skip();
            }
            const { projectDir } = bench;
            const { code, output } = await runCli({
                args: ["start"],
                projectDir,
                interruptAt: /Serving until/,
                signal,
            });
            assert.equal(code, 130, output);
            assert.equal(existsSync(join(projectDir, ".azure-realtime/local/lock")), false);
            assert.equal(existsSync(join(projectDir, ".azure-realtime/local/state.json")), true);
        });
    }

    it("prints no stack trace when it is interrupted", async () => {
        const { code, output } = await run(["start"], /created/);
        assert.equal(code, 130, output);
        assert.doesNotMatch(output, /\n\s+at |error/);
    });

    it("previews without creating anything", async () => {
        const { code, output } = await run(["preview"]);
        assert.equal(code, 0, output);
        assert.match(output, /This was a preview: nothing was created/);
        assert.equal(existsSync(join(bench.projectDir, ".azure-realtime/local/state.json")), false);
    });

    it("ends with 1 and one line when there is no project", async () => {
        const { code, output } = await runCli({ args: ["start"], projectDir: bench.folder });
        assert.equal(code, 1);
        assert.match(output, /^error: There is no Pulumi.yaml in .*\n$/);
    });
});

describe("the check", () => {
    it("names the outputs that it needs from a stack", async () => {
        const lines: string[] = [];
        assert.equal(await runCheck({ outputs: {}, print: (line) => lines.push(line) }), false);
        assert.match(lines.join("\n"), /needs the outputs negotiateUrl and pageUrl/);
    });

    it("names the backends that it supports", async () => {
        const lines: string[] = [];
        const outputs = { backend: "grpc", negotiateUrl: "http://127.0.0.1:9/", pageUrl: "http://127.0.0.1:9/" };
        assert.equal(await runCheck({ outputs, print: (line) => lines.push(line) }), false);
        assert.match(lines.join("\n"), /backend is "grpc": it must be one of socketio, webpubsub, signalr/);
    });

    it("stops at the first failed step, and names it", async () => {
        const lines: string[] = [];
        // Nothing listens on the loopback port 9.
        const outputs = {
            backend: "signalr",
            negotiateUrl: "http://127.0.0.1:9/api/negotiate",
            pageUrl: "http://127.0.0.1:9/api/index",
        };
        assert.equal(await runCheck({ outputs, print: (line) => lines.push(line) }), false);
        assert.match(lines.at(-1) ?? "", /failed.*the app serves its page: /);
    });
});
