import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { join } from "node:path";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import ts from "typescript";
import * as library from "../../components";
import { runStack } from "../../local/run";
import { type Consumer, createConsumer, type Packed, packRepository } from "../support/consumer";
import { functionFolder, smallestAppFor } from "../support/functionFolder";
import { readStoredSchema } from "../support/packageSchema";
import { startPlugin } from "../support/plugin";
import { repositoryRoot } from "../support/registeredFunctions";

const run = promisify(execFile);
const command = "dist/cli/azure-realtime.js";
const pulumiYaml = (main: string) => `name: fresh\nruntime: nodejs\nmain: ${main}\n`;
const program = (codePath: string) => `
const chat = new SocketIOBackend("chat", { codePath: ${JSON.stringify(codePath)}, sku: ServiceSku.StandardS1 });
`;

describe("the package on npm", function () {
    this.timeout(120_000);
    let packed: Packed;
    const consumers: Consumer[] = [];

    before(async () => {
        packed = await packRepository();
    });
    after(() => {
        packed?.remove();
        for (const consumer of consumers) {
            consumer.remove();
        }
    });

    function install(files: Record<string, string>, tools?: string[]): Consumer {
        const consumer = createConsumer({ packed, files, tools });
        consumers.push(consumer);
        return consumer;
    }

    it("is under 500 kB", () => {
        assert.ok(packed.size < 500_000, `${packed.size} bytes`);
    });

    it("has an inspector of less than 25 kB, as a browser would load it compressed", () => {
        const page = ["index.html", "page.css", "page.js"].map((name) => `dist/cli/page/${name}`);
        assert.deepEqual(packed.files.filter((path) => path.startsWith("dist/cli/page/")).sort(), page);
        const size = page.reduce((sum, path) => sum + gzipSync(readFileSync(join(repositoryRoot, path))).length, 0);
        assert.ok(size < 25_000, `${size} bytes`);
    });

    it("contains the library, its types, the plugin and the command, and no test, stack, function app or emulator folder", () => {
        const folders = new Set(packed.files.map((path) => path.split("/").slice(0, -1).join("/")));
        const unexpected = [...folders].filter(
            (path) =>
                !/^(|plugin|dist|dist\/cli|dist\/cli\/page|dist\/types|dist\/types\/(components(\/\w+)?|local)|templates\/.*)$/.test(
                    path,
                ),
        );
        assert.deepEqual(unexpected, []);
        for (const path of [
            "dist/index.js",
            "dist/types/index.d.ts",
            "dist/types/components/index.d.ts",
            "dist/plugin.js",
            "dist/cli/host.js",
            "PulumiPlugin.yaml",
            "plugin/PulumiPlugin.yaml",
            "plugin/package.json",
            "plugin/prepare.js",
            command,
            "LICENSE",
            "README.md",
        ]) {
            assert.ok(packed.files.includes(path), path);
        }
        assert.ok(
            !packed.files.some((path) => /\.test\.|\.env|settings/.test(path.replace(/\w*settings\.d\.ts$/i, ""))),
        );
    });

    it("makes the Pulumi CLI build nothing, and install no development package", async () => {
        const { package: installed } = install({});
        const before = readdirSync(installed, { recursive: true }).sort();
        for (const folder of [installed, join(installed, "plugin")]) {
            assert.ok(existsSync(join(folder, "PulumiPlugin.yaml")), folder);
            const { stdout, stderr } = await run("npm", ["run", "prepare", "--silent"], { cwd: folder });
            assert.equal(stdout + stderr, "");
        }
        assert.deepEqual(readdirSync(installed, { recursive: true }).sort(), before);
        const [manifest, plugin] = ["package.json", "plugin/package.json"].map((path) =>
            JSON.parse(readFileSync(join(installed, path), "utf8")),
        );
        assert.equal(manifest.devDependencies, undefined);
        assert.deepEqual(
            [plugin.dependencies, plugin.devDependencies, plugin.peerDependencies],
            Array(3).fill(undefined),
        );
    });

    it("leaves the repository as it was", () => {
        assert.ok(packed.isUndone);
    });

    it("imports only packages that package.json lists", () => {
        const { package: folder } = install({});
        const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
        const known = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies });
        const imported = packed.files
            .filter((path) => path.startsWith("dist/"))
            .flatMap((path) => ts.preProcessFile(readFileSync(join(folder, path), "utf8"), true, true).importedFiles)
            .map(({ fileName }) => fileName)
            .filter((name) => !name.startsWith(".") && !builtinModules.includes(name.replace("node:", "")))
            .map((name) =>
                name
                    .split("/")
                    .slice(0, name.startsWith("@") ? 2 : 1)
                    .join("/"),
            );
        // esbuild bundles the host only in the repository. The package contains the built host.
        assert.deepEqual(
            [...new Set(imported)].filter((name) => !known.includes(name) && name !== "esbuild"),
            [],
        );
        assert.deepEqual(Object.keys(manifest.peerDependencies), ["@pulumi/azure-native", "@pulumi/pulumi", "azurite"]);
        // Only the local storage needs azurite, which has three hundred dependencies.
        assert.deepEqual(manifest.peerDependenciesMeta, { azurite: { optional: true } });
    });

    it("gives CommonJS and ES modules every name that the library exports", async () => {
        const code =
            "console.log(JSON.stringify(Object.keys(all).filter((name) => !/^(default|__esModule|module.exports)$/.test(name)).sort()))";
        const { folder } = install({
            "common.cjs": `const all = require("azure-realtime");\n${code}`,
            "module.mjs": `import * as all from "azure-realtime";\n${code}`,
        });
        const answers = await Promise.all(
            ["common.cjs", "module.mjs"].map(async (file) =>
                JSON.parse((await run(process.execPath, [file], { cwd: folder })).stdout),
            ),
        );
        const exported = Object.keys(library).sort();
        assert.deepEqual(answers, [exported, exported]);
    });

    it("has types for CommonJS, ES modules and the older module resolution, and refuses a wrong property", async () => {
        const use = (args: string) =>
            `import { SocketIOBackend, type SocketIOBackendArgs } from "azure-realtime";\nconst args: SocketIOBackendArgs = ${args};\nexport const url = new SocketIOBackend("a", args).negotiateUrl;\n`;
        const { folder } = install(
            {
                "a.mts": use('{ codePath: "a" }'),
                "b.cts": use('{ codePath: "a" }'),
                "wrong.cts": use('{ codePath: "a", skuu: "Free_F1" }'),
            },
            ["@types/node"],
        );
        const faultsOf = (files: string[], options: ts.CompilerOptions) => {
            const program = ts.createProgram(
                files.map((file) => join(folder, file)),
                // Without skipLibCheck the package's own declarations are checked too.
                { strict: true, noEmit: true, types: [], target: ts.ScriptTarget.ES2022, ...options },
            );
            // Those of other packages are left out, because azure-native's take a minute.
            return program
                .getSourceFiles()
                .filter(({ fileName }) => !/node_modules\/(?!azure-realtime\/)/.test(fileName))
                .flatMap((file) => [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)])
                .concat(program.getOptionsDiagnostics())
                .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, " "));
        };
        const modern = { module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext };
        const faults = faultsOf(["a.mts", "b.cts", "wrong.cts"], modern);
        assert.equal(faults.length, 1, faults.join("\n"));
        assert.match(faults[0] ?? "", /'skuu' does not exist in type 'SocketIOBackendArgs'/);
        const old = {
            module: ts.ModuleKind.CommonJS,
            moduleResolution: ts.ModuleResolutionKind.Node10,
            ignoreDeprecations: "6.0",
        };
        assert.deepEqual(faultsOf(["b.cts"], old), []);
    });

    const codePath = functionFolder();
    for (const { title, main, files, tools } of [
        {
            title: "a TypeScript project",
            main: "index.ts",
            files: {
                "package.json": '{"name":"fresh"}',
                "index.ts": `import { ServiceSku, SocketIOBackend } from "azure-realtime";\n${program(codePath)}export const url = chat.negotiateUrl;\n`,
            },
            tools: ["typescript", "ts-node"],
        },
        {
            title: "a TypeScript project of ES modules",
            main: "index.ts",
            files: {
                "package.json": '{"name":"fresh","type":"module"}',
                "tsconfig.json":
                    '{"compilerOptions":{"module":"nodenext","target":"es2022","strict":true,"noCheck":true}}',
                "index.ts": `import { ServiceSku, SocketIOBackend } from "azure-realtime";\n${program(codePath)}export const url = chat.negotiateUrl;\n`,
            },
            tools: ["typescript", "ts-node"],
        },
        {
            title: "a JavaScript project of CommonJS",
            main: "index.js",
            files: {
                "package.json": '{"name":"fresh"}',
                "index.js": `const { ServiceSku, SocketIOBackend } = require("azure-realtime");\n${program(codePath)}exports.url = chat.negotiateUrl;\n`,
            },
        },
        {
            title: "a JavaScript project of ES modules",
            main: "index.js",
            files: {
                "package.json": '{"name":"fresh","type":"module"}',
                "index.js": `import { ServiceSku, SocketIOBackend } from "azure-realtime";\n${program(codePath)}export const url = chat.negotiateUrl;\n`,
            },
        },
    ]) {
        it(`lets ${title} preview its own stack`, async () => {
            const { folder } = install({ ...files, "Pulumi.yaml": pulumiYaml(main) }, tools);
            const stack = await runStack({
                projectDir: folder,
                folder: join(folder, ".azure-realtime"),
                stack: "dev",
                preview: true,
            });
            await stack.close();
            const types = stack.steps.map(({ type }) => type);
            assert.ok(types.includes("azure-realtime:index:SocketIOBackend"), types.join());
            assert.ok(types.includes("azure-native:webpubsub:WebPubSubHub"), types.join());
            assert.deepEqual([...new Set(stack.steps.map(({ operation }) => operation))], ["created"]);
        });
    }

    for (const part of ["", "plugin"]) {
        it(`is a component package in ${part || "its root"} for every Pulumi language`, async () => {
            const consumer = install({ "tsconfig.json": '{"compilerOptions":{"allowJs":true}}' });
            const folder = join(consumer.package, part);
            const plugin = await startPlugin({ folder, cwd: consumer.folder });
            try {
                const asked = performance.now();
                const { version, description, ...schema } = await plugin.schema();
                const milliseconds = performance.now() - asked;
                assert.ok(milliseconds < 300, `the schema took ${milliseconds} ms`);
                const megabytes = plugin.peakMegabytes();
                assert.ok(megabytes === undefined || megabytes < 200, `${megabytes} MB`);
                assert.deepEqual(schema, readStoredSchema());
                assert.deepEqual([typeof version, typeof description], ["string", "string"]);
                const type = "azure-realtime:index:SocketIOBackend";
                const { resources } = await plugin.construct({ type, name: "chat", inputs: { codePath } });
                assert.ok(resources.some((one) => one.type === "azure-native:webpubsub:WebPubSubHub"));
            } finally {
                await plugin.close();
            }
        });
    }

    it("brings a command that runs a project's stack, with its Function App, until it is interrupted", async () => {
        const app = functionFolder({
            "host.json": smallestAppFor("socketio")["host.json"] ?? "",
            "negotiate/function.json": JSON.stringify({
                bindings: [
                    { type: "httpTrigger", direction: "in", name: "req", authLevel: "anonymous" },
                    { type: "http", direction: "out", name: "res" },
                ],
            }),
            "negotiate/index.js": 'module.exports = async (context) => { context.res = { body: "hello" }; };',
        });
        const consumer = install({
            "package.json": '{"name":"fresh"}',
            "index.js": `const { ServiceSku, SocketIOBackend } = require("azure-realtime");\n${program(app)}exports.url = chat.negotiateUrl;\n`,
            "Pulumi.yaml": pulumiYaml("index.js"),
        });
        const child = spawn(process.execPath, [join(consumer.package, command), "start", "--no-watch"], {
            cwd: consumer.folder,
            stdio: ["ignore", "pipe", "inherit"],
        });
        const ended = once(child, "exit");
        let said = "";
        let answer: string | undefined;
        for await (const chunk of child.stdout) {
            said += String(chunk);
            if (answer === undefined && said.includes("Serving until Ctrl-C.")) {
                answer = await (await fetch(/url +(http\S+)/.exec(said)?.[1] ?? "")).text();
                child.kill("SIGTERM");
            }
        }
        assert.equal(answer, "hello", said);
        assert.deepEqual(await ended, [130, null]);
    });

    it("brings a command that serves an emulated service until it is interrupted", async () => {
        const consumer = install({});
        const args = ["emulator", "--service", "webpubsub", "--port", "0", "--folder", join(consumer.folder, "kept")];
        const child = spawn(process.execPath, [join(consumer.package, command), ...args], {
            stdio: ["ignore", "pipe", "inherit"],
        });
        const ended = once(child, "exit");
        let said = "";
        for await (const chunk of child.stdout) {
            said += String(chunk);
            if (said.includes("Serving until Ctrl-C.")) {
                child.kill("SIGTERM");
            }
        }
        assert.match(said, /^Endpoint=http:\/\/localhost:\d+;AccessKey=/m);
        assert.deepEqual(await ended, [0, null]);
    });

    it("brings a command that prints the package's version", async () => {
        const { package: folder } = install({});
        const { stdout } = await run(process.execPath, [join(folder, command), "--version"]);
        assert.equal(stdout, `${JSON.parse(readFileSync(join(folder, "package.json"), "utf8")).version}\n`);
    });

    it("brings a command that prints an error and exits with 2 on wrong usage", async () => {
        const { package: folder } = install({});
        const failed = await run(process.execPath, [join(folder, command), "verify"]).catch((error: unknown) => error);
        const { code, stderr } = failed as { code: number; stderr: string };
        assert.equal(code, 2);
        assert.match(stderr, /^error: verify needs a stack's JSON/);
    });
});
