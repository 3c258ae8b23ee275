import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { buildPackage } from "../support/build";

const root = resolve(__dirname, "../..");
const project = { "Pulumi.yaml": "name: chat\nruntime: nodejs\nmain: index.js\n", "index.js": "" };
const needsConfig = {
    ...project,
    "Pulumi.yaml": `${project["Pulumi.yaml"]}config:\n  size:\n    type: integer\n`,
};

/** Bad input, by its name: files of the folder, arguments, and the one line that tells. */
const cases: Record<string, { files: Record<string, string>; args?: string[]; line: RegExp }> = {
    "no project": {
        files: { "notes.txt": "" },
        line: /^error: There is no Pulumi\.yaml in .*name its folder with -C\.$/,
    },
    "a runtime of another language": {
        files: { "Pulumi.yaml": "name: chat\nruntime: python\n", "__main__.py": "" },
        line: /^error: .*Pulumi\.yaml: runtime is python.*`azure-realtime with -- pulumi up`\.$/,
    },
    "no runtime": {
        files: { "Pulumi.yaml": "name: chat\n" },
        line: /^error: .*runtime is missing\. Set runtime: nodejs/,
    },
    "a main that is not there": {
        files: { "Pulumi.yaml": "name: chat\nruntime: nodejs\nmain: src/none.ts\n" },
        line: /^error: .*main must be a file or folder that exists.*not src\/none\.ts$/,
    },
    "a stack without config where others have some": {
        files: {
            ...needsConfig,
            "Pulumi.dev.yaml": "config: { size: 1 }\n",
            "Pulumi.prod.yml": "config: { size: 2 }\n",
        },
        line: /^error: The program needs config, and stack "local" has no file Pulumi\.local\.yaml; the project has Pulumi\.dev\.yaml, Pulumi\.prod\.yml: choose a stack with --stack, or write the file\. What it needs: chat:size is missing: it needs a value of type integer\.$/,
    },
    "a stack without config in a project without any": {
        files: needsConfig,
        args: ["--stack", "mine"],
        line: /^error: The program needs config, and stack "mine" has no file Pulumi\.mine\.yaml; no stack of the project has one: write it\./,
    },
    "a config key whose default has another type": {
        files: {
            ...project,
            "Pulumi.yaml": `${project["Pulumi.yaml"]}config: { size: { type: integer, default: many } }\n`,
        },
        line: /^error: The config that Pulumi\.yaml declares is invalid: the default of chat:size is many: it must be of type integer\.$/,
    },
    "a list whose items have another type": {
        files: {
            ...project,
            "Pulumi.yaml": `${project["Pulumi.yaml"]}config: { sizes: { type: array, items: { type: integer } } }\n`,
            "Pulumi.local.yaml": "config: { sizes: [1, many] }\n",
        },
        line: /^error: The config in .*Pulumi\.local\.yaml is invalid: chat:sizes is \[1,"many"\]: it must be of type array<integer>\.$/,
    },
    "a config type that is none": {
        files: { ...project, "Pulumi.yaml": `${project["Pulumi.yaml"]}config: { size: { type: number } }\n` },
        line: /^error: The config that Pulumi\.yaml declares is invalid: the type of chat:size is number: it must be string, integer, boolean, array, object\.$/,
    },
    "config that is a list": {
        files: { ...project, "Pulumi.local.yaml": "config: [5]\n" },
        line: /^error: config in .*Pulumi\.local\.yaml must be a map$/,
    },
    "a secret without its passphrase": {
        files: {
            ...project,
            "Pulumi.local.yaml":
                "encryptionsalt: v1:abcdefghijk=:v1:abc:def\nconfig: { 'chat:key': { secure: v1:abc:def } }\n",
        },
        line: /^error: The config in .*Pulumi\.local\.yaml is invalid: chat:key is encrypted and cannot be decrypted: set PULUMI_CONFIG_PASSPHRASE or .*local use\.$/,
    },
    "a secret whose key a service has": {
        files: { ...project, "Pulumi.local.yaml": "config: { 'chat:key': { secure: AAAB } }\n" },
        line: /^error: .*chat:key is encrypted and cannot be decrypted: its stack has no encryptionsalt, so its key is with a Pulumi service: set a plain value.*\.$/,
    },
    "nodeargs with quotes": {
        files: {
            ...project,
            "Pulumi.yaml":
                "name: chat\nmain: index.js\nruntime: { name: nodejs, options: { nodeargs: \"--title='a b'\" } }\n",
        },
        line: /^error: .*runtime\.options\.nodeargs must be words without quotes, not --title='a b'$/,
    },
    "options of the runtime that are a text": {
        files: { ...project, "Pulumi.yaml": "name: chat\nmain: index.js\nruntime: { name: nodejs, options: fast }\n" },
        line: /^error: .*runtime\.options must be a map of settings, not fast$/,
    },
    "a stack's name that is none": {
        files: project,
        args: ["--stack", "../up"],
        line: /^error: --stack is "\.\.\/up": a stack's name has /,
    },
    "a data folder that cannot be written": {
        files: { ...project, ".azure-realtime": "a file" },
        line: /^error: The local Azure keeps its data in .*\.azure-realtime, which cannot be written: .*Make it a folder/,
    },
};

describe("bad input to start", function () {
    this.timeout(60_000);
    let folder: string;
    before(buildPackage);
    beforeEach(() => {
        mkdirSync(join(root, ".azure-realtime/tests"), { recursive: true });
        folder = mkdtempSync(join(root, ".azure-realtime/tests/bad-"));
    });
    afterEach(() => rmSync(folder, { recursive: true, force: true }));

    const write = (files: Record<string, string>) => {
        for (const [name, text] of Object.entries(files)) {
            writeFileSync(join(folder, name), text);
        }
    };
    const run = (args: string[], env: Record<string, string> = {}) =>
        new Promise<{ code: unknown; output: string }>((done) =>
            execFile(
                process.execPath,
                [join(root, "dist/cli/azure-realtime.js"), ...args, ...(args.includes("-C") ? [] : ["-C", folder])],
                { env: { ...process.env, ...env } },
                (error, stdout, stderr) => done({ code: error?.code ?? 0, output: `${stdout}${stderr}`.trimEnd() }),
            ),
        );

    for (const [what, { files, args = [], line }] of Object.entries(cases)) {
        it(`of ${what} is told in one line, and nothing is left behind`, async () => {
            write(files);
            const before = readdirSync(folder).sort();
            const { code, output } = await run(["start", ...args]);
            assert.equal(code, 1, output);
            assert.match(output, line);
            assert.doesNotMatch(output, /\n/);
            assert.deepEqual(readdirSync(folder).sort(), before);
        });
    }

    it("of nodeargs that node refuses names them after node's own line, and leaves nothing behind", async () => {
        write({
            ...project,
            "Pulumi.yaml":
                "name: chat\nmain: index.js\nruntime: { name: nodejs, options: { nodeargs: --no-such-flag } }\n",
        });
        const { code, output } = await run(["start"]);
        assert.equal(code, 1, output);
        assert.match(
            output,
            /bad option: --no-such-flag\n\nfailed {2}Node refuses runtime\.options\.nodeargs of Pulumi\.yaml, which is "--no-such-flag"\./,
        );
        assert.deepEqual(readdirSync(folder).sort(), Object.keys(project).sort());
    });

    it("of a project whose packages are not installed is told in one line, and nothing is left behind", async () => {
        // Outside of the repository, whose packages every folder in it finds.
        const elsewhere = mkdtempSync(join(tmpdir(), "bad-"));
        try {
            for (const [name, text] of Object.entries(project)) {
                writeFileSync(join(elsewhere, name), text);
            }
            const { code, output } = await run(["start", "-C", elsewhere]);
            assert.equal(code, 1, output);
            assert.match(
                output,
                /^error: @pulumi\/pulumi is not installed for the program in .*\. Run npm install there\.$/,
            );
            assert.deepEqual(readdirSync(elsewhere).sort(), Object.keys(project).sort());
        } finally {
            rmSync(elsewhere, { recursive: true, force: true });
        }
    });

    it("leaves the folder of another stack as it is", async () => {
        write({
            ...project,
            "Pulumi.yaml":
                "name: chat\nmain: index.js\nruntime: { name: nodejs, options: { nodeargs: --no-such-flag } }\n",
        });
        mkdirSync(join(folder, ".azure-realtime/other"), { recursive: true });
        assert.equal((await run(["start"])).code, 1);
        assert.deepEqual(readdirSync(join(folder, ".azure-realtime")).sort(), [".gitignore", "other"]);
    });

    it("that only the program finds out names the files of the other stacks", async () => {
        write({
            ...project,
            "Pulumi.dev.yaml": "config: { size: 1 }\n",
            "index.js": `new (require("@pulumi/pulumi").Config)().require("size");`,
        });
        const { code, output } = await run(["start"]);
        assert.equal(code, 1, output);
        assert.match(
            output,
            /^failed +The program needs config, and stack "local" has no file .* has Pulumi\.dev\.yaml:/m,
        );
    });

    it("of a state that a newer release wrote is told in one line, the state stays, and down removes it", async () => {
        write(project);
        const state = join(folder, ".azure-realtime/local/state.json");
        mkdirSync(join(folder, ".azure-realtime/local"), { recursive: true });
        writeFileSync(state, '{"version":99}');
        const { code, output } = await run(["start"]);
        assert.equal(code, 1, output);
        assert.match(output, /^error: .*its version is 99, .*newer release.*update.*`azure-realtime down`/);
        assert.doesNotMatch(output, /\n/);
        assert.equal(readFileSync(state, "utf8"), '{"version":99}');
        assert.equal((await run(["down"])).code, 0);
        assert.equal(existsSync(state), false);
    });

    it("of a folder for running stacks that cannot be written is told in one line, and the stack ends", async () => {
        write({ ...project, home: "" });
        const { code, output } = await run(["start"], { AZURE_REALTIME_HOME: join(folder, "home") });
        assert.equal(code, 1, output);
        assert.match(output, /^error: The stacks that run are noted in .*cannot be written: .*AZURE_REALTIME_HOME\.$/m);
    });

    it("to down without a stack changes nothing", async () => {
        const { code, output } = await run(["down"]);
        assert.equal(code, 0);
        assert.match(output, /^Stack "local" has no data in /);
        assert.deepEqual(readdirSync(folder), []);
    });
});
