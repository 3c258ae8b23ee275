import assert from "node:assert/strict";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { type LocalAzureOptions, startLocalAzure } from "../../local/testing";

const root = resolve(__dirname, "../..");

describe("startLocalAzure", function () {
    this.timeout(60_000);
    let projectDir: string;
    beforeEach(() => {
        mkdirSync(join(root, ".azure-realtime/tests"), { recursive: true });
        projectDir = mkdtempSync(join(root, ".azure-realtime/tests/testing-"));
        cpSync(join(root, "test/fixtures/programs/random.ts"), join(projectDir, "index.ts"));
        writeFileSync(join(projectDir, "tsconfig.json"), JSON.stringify({ extends: join(root, "tsconfig.json") }));
    });
    afterEach(() => rmSync(projectDir, { recursive: true, force: true }));
    const withYaml = () => writeFileSync(join(projectDir, "Pulumi.yaml"), "name: fixture\nruntime: nodejs\n");
    const names = ({ resources }: { resources: { name: string }[] }) => resources.map(({ name }) => name);

    it("runs a project's folder with config, updates it after a change, and leaves nothing behind", async () => {
        withYaml();
        writeFileSync(join(projectDir, "package.json"), '{ "main": "index.ts" }');
        const lines: string[] = [];
        const azure = await startLocalAzure({
            project: projectDir,
            config: { extra: true, "other:key": 5 },
            log: (line) => lines.push(line),
        });
        try {
            assert.ok(names(azure).includes("extra"));
            assert.ok(
                lines.some((line) => /created {2}random:.* suffix/.test(line)),
                lines.join("\n"),
            );
            const file = join(projectDir, "index.ts");
            writeFileSync(file, `${readFileSync(file, "utf8")}\nnew RandomUuid("added");\n`);
            await azure.update();
            assert.ok(names(azure).includes("added"));
        } finally {
            await azure.close();
        }
        assert.equal(existsSync(join(projectDir, ".azure-realtime")), false);
    });

    it("runs the file of a program, several at once", async () => {
        const project = join(projectDir, "index.ts");
        const both = await Promise.all([1, 2].map(() => startLocalAzure({ project })));
        try {
            const [one, other] = both.map(({ outputs }) => outputs.name);
            assert.equal(typeof one, "string");
            assert.notEqual(one, other);
        } finally {
            await Promise.all(both.map((azure) => azure.close()));
        }
    });

    for (const { title, files } of [
        {
            title: "JavaScript in CommonJS, named by package.json",
            files: {
                "package.json": '{ "main": "src/program.js" }',
                "src/program.js": 'exports.text = require("@pulumi/pulumi").output("hello");',
            },
        },
        {
            title: "JavaScript in ES modules",
            files: {
                "package.json": '{ "type": "module", "main": "program.js" }',
                "program.js": 'import { output } from "@pulumi/pulumi"; export const text = output("hello");',
            },
        },
        {
            title: "TypeScript in ES modules",
            files: {
                "package.json": '{ "type": "module", "main": "program.ts" }',
                "tsconfig.json":
                    '{ "compilerOptions": { "module": "nodenext", "moduleResolution": "nodenext", "strict": true } }',
                "program.ts": 'import { output } from "@pulumi/pulumi"; export const text = output<string>("hello");',
            },
        },
    ]) {
        it(`runs ${title}`, async () => {
            withYaml();
            for (const [name, text] of Object.entries(files)) {
                mkdirSync(dirname(join(projectDir, name)), { recursive: true });
                writeFileSync(join(projectDir, name), text);
            }
            const azure = await startLocalAzure({ project: projectDir });
            await azure.close();
            assert.equal(azure.outputs.text, "hello");
        });
    }

    it("keeps the data in a folder that is given", async () => {
        const given = { project: join(projectDir, "index.ts"), folder: join(projectDir, "data") };
        const first = await startLocalAzure(given);
        await first.close();
        const second = await startLocalAzure(given);
        await second.close();
        assert.equal(second.outputs.name, first.outputs.name);
    });

    it("refuses an update after close, and one that close ends leaves nothing behind", async () => {
        const folder = join(projectDir, "data");
        const given = { project: join(projectDir, "index.ts"), folder };
        const azure = await startLocalAzure(given);
        const late = assert.rejects(azure.update(), /^Error: The local Azure of stack "test" is closed/);
        await azure.close();
        rmSync(folder, { recursive: true });
        await late;
        await assert.rejects(azure.update(), /^Error: The local Azure of stack "test" is closed: start it again/);
        await azure.close();
        assert.equal(existsSync(folder), false);
    });

    it("rejects with the program's own error", async () => {
        withYaml();
        await assert.rejects(
            startLocalAzure({ project: join(projectDir, "index.ts"), config: { throws: true } }),
            /The program failed.*the program is broken/s,
        );
    });

    for (const [option, given, fault] of [
        ["functionsHost", "node", /^Error: functionsHost is "node": it must be auto or func\.$/],
        ["project", undefined, /^Error: project is undefined: name a folder with Pulumi\.yaml/],
        ["project", "", /^Error: project is "": name a folder/],
    ] as const) {
        it(`refuses ${JSON.stringify(given)} as ${option}`, () =>
            assert.rejects(startLocalAzure({ project: projectDir, [option]: given } as LocalAzureOptions), fault));
    }

    it("refuses a project that does not exist", () =>
        assert.rejects(
            startLocalAzure({ project: join(projectDir, "none") }),
            /project is .*none does not exist. Name a folder/,
        ));
});
