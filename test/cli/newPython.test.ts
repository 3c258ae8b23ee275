import assert from "node:assert/strict";
import { execFile, execFileSync } from "node:child_process";
import {
    existsSync,
    mkdirSync,
    mkdtempSync,
    readdirSync,
    readFileSync,
    rmSync,
    symlinkSync,
    writeFileSync,
} from "node:fs";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { writeNewProject } from "../../cli/new";
import type { ServiceName } from "../../cli/services";
import { startLocalAzure } from "../../local/testing";
import { putFuncInPath } from "../support/coreTools";

const root = resolve(__dirname, "../..");
const run = promisify(execFile);
const templates: ServiceName[] = ["socketio", "webpubsub", "signalr"];

interface Binding {
    type: string;
    direction: string;
    [property: string]: unknown;
}

/** The vendor's library for Python, which is not part of this repository. */
const library = "azure.functions";
const hasLibrary = (() => {
    try {
        execFileSync("python3", ["-c", `import ${library}`], { stdio: "ignore" });
        return true;
    } catch {
        return false;
    }
})();

/** What the host learns from the worker about each function of a folder (function_app.py of the vendor's library). */
function indexed(folder: string): Record<string, Binding[]> {
    const program = `
import json, function_app
from azure.functions.decorators.utils import StringifyEnumJsonEncoder
print(json.dumps({f.get_function_name(): [b.get_dict_repr() for b in f.get_bindings()] for f in function_app.app.get_functions()}, cls=StringifyEnumJsonEncoder))
`;
    const env = { ...process.env, PYTHONDONTWRITEBYTECODE: "1" };
    return JSON.parse(execFileSync("python3", ["-c", program], { cwd: folder, env, encoding: "utf8" }));
}

/** Bindings without what one language alone has: names of variables, text in place of JSON, and names for parts of the event. */
function comparable(bindings: Binding[]): string[] {
    return bindings
        .map(({ name: _n, dataType: _d, parameterNames: _p, route: _r, methods, authLevel, direction, ...rest }) =>
            JSON.stringify({
                ...rest,
                direction: direction.toLowerCase(),
                ...(authLevel !== undefined && { authLevel: String(authLevel).toLowerCase() }),
                ...(Array.isArray(methods) && { methods: methods.map((method) => String(method).toLowerCase()) }),
            }),
        )
        .map((text) => Object.entries(JSON.parse(text) as object).sort())
        .map((entries) => JSON.stringify(entries))
        .sort();
}

describe("a new project with an app in Python", function () {
    this.timeout(120_000);
    let folder: string;
    let restorePath: (() => void) | undefined;
    beforeEach(() => {
        // Inside the repository, where the program finds its packages.
        mkdirSync(join(root, ".azure-realtime/tests"), { recursive: true });
        folder = mkdtempSync(join(root, ".azure-realtime/tests/new-"));
    });
    afterEach(() => {
        restorePath?.();
        restorePath = undefined;
        rmSync(folder, { recursive: true, force: true });
    });

    const write = (template: ServiceName) => {
        const path = join(folder, "my-chat");
        const lines = writeNewProject({ folder: path, template, language: "python" });
        // Stands for what npm install does.
        mkdirSync(join(path, "node_modules"));
        symlinkSync(root, join(path, "node_modules/azure-realtime"));
        return { path, lines };
    };

    /** Stands for what npm run packages does. */
    const installPackages = (path: string) => {
        mkdirSync(join(path, "app/.python_packages/lib/site-packages/azure"), { recursive: true });
        writeFileSync(join(path, "app/.python_packages/lib/site-packages/azure/functions.py"), "");
    };

    it("has the program in TypeScript, the app in Python, and the commands for its packages", () => {
        restorePath = putFuncInPath();
        const { path, lines } = write("socketio");
        assert.deepEqual(readdirSync(join(path, "app")).sort(), [
            ".funcignore",
            "function_app.py",
            "host.json",
            "page.html",
            "requirements.txt",
        ]);
        assert.match(readFileSync(join(path, "index.ts"), "utf8"), /\{ codePath: "app", runtime: "python" \}/);
        assert.match(readFileSync(join(path, ".gitignore"), "utf8"), /^\.python_packages\/$/m);
        const { scripts } = JSON.parse(readFileSync(join(path, "package.json"), "utf8"));
        assert.match(scripts.packages, /^pip install --target app\/\.python_packages/);
        assert.deepEqual(lines.slice(-2), ["  npm install", "  npm start"]);
    });

    for (const first of ["start", "check"]) {
        it(`installs the app's packages before the first ${first}, and only then`, async () => {
            const { path } = write("webpubsub");
            const calls = join(folder, "calls");
            writeFileSync(
                join(folder, "pip.js"),
                `require("node:fs").appendFileSync(${JSON.stringify(calls)}, process.argv.slice(2).join(" ") + "\\n");`,
            );
            const npm = (script: string) =>
                run("npm", ["run", "--silent", script], { cwd: path, shell: process.platform === "win32" });
            const manifest = join(path, "package.json");
            const text = readFileSync(manifest, "utf8");
            const { scripts } = JSON.parse(text.replace('"pip install', '"node ../pip.js install'));
            writeFileSync(manifest, JSON.stringify({ scripts: { ...scripts, start: "exit 0", check: "exit 0" } }));
            await npm(first);
            installPackages(path);
            await npm("start");
            await npm("check");
            assert.equal(
                readFileSync(calls, "utf8"),
                "install --target app/.python_packages/lib/site-packages -r app/requirements.txt\n",
            );
        });
    }

    it("says at once that func is missing", () => {
        restorePath = putFuncInPath({ exists: false });
        assert.match(write("webpubsub").lines.at(-1) ?? "", /func, .*not in PATH: npm install -g azure-functions-core/);
    });

    for (const template of templates) {
        (hasLibrary ? it : it.skip)(
            `of ${template} has the bindings of the app in JavaScript (needs ${library} in python3)`,
            () => {
                const python = indexed(join(write(template).path, "app"));
                const script = join(folder, "script");
                writeNewProject({ folder: script, template, language: "typescript" });
                const names = ["index", "message", "negotiate"];
                assert.deepEqual(Object.keys(python).sort(), names);
                for (const name of names) {
                    const text = readFileSync(join(script, "app", name, "function.json"), "utf8");
                    assert.deepEqual(comparable(python[name] ?? []), comparable(JSON.parse(text).bindings), name);
                }
            },
        );

        it(`of ${template} runs in func`, async () => {
            restorePath = putFuncInPath();
            const { path } = write(template);
            installPackages(path);
            // Stands for the Python worker, which tells func the functions.
            const index = { name: "index", config: { bindings: [{ type: "httpTrigger", authLevel: "anonymous" }] } };
            writeFileSync(join(path, "app/functions.json"), JSON.stringify({ functions: [index] }));
            const azure = await startLocalAzure({ project: path });
            try {
                const answer = await fetch(String(azure.outputs.pageUrl));
                const { env } = (await answer.json()) as { env: Record<string, string> };
                assert.equal(env.FUNCTIONS_WORKER_RUNTIME, "python");
            } finally {
                await azure.close();
            }
        });
    }

    it("is told in one line what is missing without its packages, and without func", async () => {
        restorePath = putFuncInPath({ exists: false });
        const { path } = write("signalr");
        await assert.rejects(startLocalAzure({ project: path }), /"app" holds no \.python_packages.*Run pip install/);
        installPackages(path);
        await assert.rejects(
            startLocalAzure({ project: path }),
            /^Error: azure-native:web:WebApp chat-app: .*its runtime is 'python' and its host is func, .*not in PATH\. Install it \(npm install -g [^\n]*$/,
        );
        assert.equal(existsSync(join(path, ".azure-realtime")), false);
    });
});

describe("the host of function apps in a test of somebody's own", function () {
    this.timeout(60_000);

    it("is func for a Node app as well, where the test asks for it", async () => {
        mkdirSync(join(root, ".azure-realtime/tests"), { recursive: true });
        const folder = mkdtempSync(join(root, ".azure-realtime/tests/new-"));
        const restorePath = putFuncInPath();
        try {
            const path = join(folder, "chat");
            writeNewProject({ folder: path, template: "webpubsub", language: "typescript" });
            mkdirSync(join(path, "node_modules"));
            symlinkSync(root, join(path, "node_modules/azure-realtime"));
            const index = { name: "index", config: { bindings: [{ type: "httpTrigger", authLevel: "anonymous" }] } };
            writeFileSync(join(path, "app/functions.json"), JSON.stringify({ functions: [index] }));
            const azure = await startLocalAzure({ project: path, functionsHost: "func" });
            try {
                const { args } = (await (await fetch(String(azure.outputs.pageUrl))).json()) as { args: string[] };
                assert.ok(args.includes("--port"), args.join(" "));
            } finally {
                await azure.close();
            }
        } finally {
            restorePath();
            rmSync(folder, { recursive: true, force: true });
        }
    });
});
