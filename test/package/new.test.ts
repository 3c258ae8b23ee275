import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { type Consumer, createConsumer, type Packed, packRepository } from "../support/consumer";
import { putFuncInPath } from "../support/coreTools";

const run = promisify(execFile);

/** What the worker of func would tell of an app in Python. */
const indexed = {
    functions: [{ name: "index", config: { bindings: [{ type: "httpTrigger", authLevel: "anonymous" }] } }],
};

describe("a project that the package on npm makes in an empty folder", function () {
    this.timeout(120_000);
    let packed: Packed;
    let consumer: Consumer;
    let restorePath: () => void;
    before(async () => {
        packed = await packRepository();
        consumer = createConsumer({ packed, files: {}, tools: ["typescript", "ts-node"] });
        restorePath = putFuncInPath();
    });
    after(() => {
        restorePath?.();
        consumer?.remove();
        packed?.remove();
    });

    /** Starts the project until its page is told, and resolves with what the page says. */
    async function pageOf(path: string): Promise<string> {
        const command = join(path, "node_modules/azure-realtime/dist/cli/azure-realtime.js");
        const child = spawn(process.execPath, [command, "start", "--no-watch"], {
            cwd: path,
            env: { ...process.env, AZURE_REALTIME_HOME: join(consumer.folder, "home") },
            stdio: ["ignore", "pipe", "inherit"],
        });
        const ended = once(child, "exit");
        let said = "";
        let page: string | undefined;
        for await (const chunk of child.stdout) {
            said += String(chunk);
            if (page === undefined && said.includes("Serving until Ctrl-C.")) {
                page = await (await fetch(/pageUrl +(http\S+)/.exec(said)?.[1] ?? "")).text();
                child.kill("SIGTERM");
            }
        }
        assert.deepEqual(await ended, [130, null], said);
        return page ?? "";
    }

    for (const { template, language, page } of [
        { template: "socketio", language: "typescript", page: /<h1>Chat<\/h1>/ },
        { template: "webpubsub", language: "typescript", page: /<h1>Chat<\/h1>/ },
        { template: "signalr", language: "typescript", page: /<h1>Chat<\/h1>/ },
        { template: "socketio", language: "python", page: /"FUNCTIONS_WORKER_RUNTIME":"python"/ },
    ]) {
        it(`of ${template} with an app in ${language} serves its page`, async () => {
            const name = `${language}-${template}`;
            const path = join(consumer.folder, name);
            const command = join(consumer.package, "dist/cli/azure-realtime.js");
            const args = [command, "new", name, "--template", template, "--language", language];
            const { stdout } = await run(process.execPath, args, { cwd: consumer.folder });
            assert.match(stdout, /^ {2}npm start$/m);
            assert.ok(readdirSync(path).includes(".gitignore"));
            // Stands for what npm install does.
            symlinkSync(join(consumer.folder, "node_modules"), join(path, "node_modules"));
            if (language === "python") {
                const packages = join(path, "app/.python_packages/lib/site-packages");
                mkdirSync(packages, { recursive: true });
                writeFileSync(join(packages, "installed.py"), "");
                writeFileSync(join(path, "app/functions.json"), JSON.stringify(indexed));
            }
            assert.match(await pageOf(path), page);
        });
    }

    it("names the choices for a language that there is none for", async () => {
        const command = join(consumer.package, "dist/cli/azure-realtime.js");
        const failed = await run(process.execPath, [command, "new", "x", "--language", "go"], {
            cwd: consumer.folder,
        }).catch((error: unknown) => error);
        const { code, stderr } = failed as { code: number; stderr: string };
        assert.equal(code, 2);
        assert.match(stderr, /'go' is invalid\. Allowed choices are typescript, python\.$/m);
        assert.ok(!readdirSync(consumer.folder).includes("x"));
    });
});
