import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { globSync } from "tinyglobby";
import ts from "typescript";
import { serviceKinds } from "../../components/shared/serviceKinds";
import { componentCalls } from "../support/calls";
import { readStoredSchema } from "../support/packageSchema";
import { dialects, programFaults } from "../support/programNames";
import { repositoryRoot } from "../support/registeredFunctions";
import { yamlProgramFaults } from "../support/yamlNames";

interface Block {
    page: string;
    fence: string;
    text: string;
}

const pages = globSync(["*.md", "{docs,docs/reference,examples,functions/*}/*.md"], { cwd: repositoryRoot });
const blocks: Block[] = pages.flatMap((page) =>
    [...readFileSync(join(repositoryRoot, page), "utf8").matchAll(/^```(\w+)\n(.*?)^```/gms)].map(
        ([, fence = "", text = ""]) => ({ page, fence, text }),
    ),
);
const schema = readStoredSchema();
const languagePages = new Map([
    ["typescript", "ts"],
    ["yaml", "yaml"],
    ...dialects.map(({ file, fence }) => [dirname(file).split("/")[0] ?? "", fence] as const),
]);

describe("the programs in the docs", function () {
    this.timeout(60_000);

    for (const [name, fence] of languagePages) {
        it(`are two on the page of ${name}, one of them the smallest`, () => {
            const shown = blocks.filter((block) => block.page === `docs/${name}.md` && block.fence === fence);
            const programs = shown.filter(({ text }) => /SocketIOBackend|WebPubSubBackend/.test(text));
            assert.equal(programs.length, 2);
            const page = readFileSync(join(repositoryRoot, "docs", `${name}.md`), "utf8");
            assert.deepEqual(
                [...page.matchAll(/^## (.*)$/gm)].map(([, title]) => title),
                ["Install", "The smallest program", "Outputs", "Configuration", "On this machine"],
            );
        });
    }

    for (const dialect of dialects) {
        it(`in ${dialect.language} use only names of the schema`, () => {
            const programs = blocks.filter(
                ({ fence, text }) => fence === dialect.fence && componentCalls(text, dialect).length > 0,
            );
            assert.ok(programs.length >= 2);
            for (const { page, text } of programs) {
                assert.deepEqual(programFaults({ text, dialect, schema }), [], page);
                assert.ok([...text.matchAll(dialect.output)].length > 0, `${page} shows no output`);
            }
        });
    }

    it("in YAML use only names of the schema", () => {
        const programs = blocks.filter(
            // A program's resources are a map; those of azure-realtime.local.yaml are a list.
            ({ fence, text }) => fence === "yaml" && /^resources:\n +\w/m.test(text),
        );
        assert.ok(programs.length >= 2);
        for (const { page, text } of programs) {
            assert.deepEqual(yamlProgramFaults(text, schema), [], page);
        }
    });

    it("in TypeScript that import the package have no type error", () => {
        const programs = blocks.filter(({ fence, text }) => fence === "ts" && /from "azure-realtime"/.test(text));
        assert.ok(programs.length >= 4);
        const virtual = new Map(
            programs.map(({ text }, index) => [join(repositoryRoot, "stacks", `page${index}.ts`), text]),
        );
        const options: ts.CompilerOptions = {
            strict: true,
            skipLibCheck: true,
            noEmit: true,
            target: ts.ScriptTarget.ES2022,
            module: ts.ModuleKind.NodeNext,
            moduleResolution: ts.ModuleResolutionKind.NodeNext,
            paths: { "azure-realtime": [join(repositoryRoot, "components/index.ts")] },
            types: ["node"],
        };
        const host = ts.createCompilerHost(options);
        const { fileExists, readFile, getSourceFile } = host;
        host.fileExists = (path) => virtual.has(path) || fileExists(path);
        host.readFile = (path) => virtual.get(path) ?? readFile(path);
        host.getSourceFile = (path, ...rest) => {
            const text = virtual.get(path);
            return text === undefined
                ? getSourceFile(path, ...rest)
                : ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true);
        };
        const program = ts.createProgram([...virtual.keys()], options, host);
        const faults = [...virtual.keys()].flatMap((path, index) => {
            const file = program.getSourceFile(path);
            return program
                .getSemanticDiagnostics(file)
                .concat(program.getSyntacticDiagnostics(file))
                .map(
                    ({ messageText }) =>
                        `${programs[index]?.page}: ${ts.flattenDiagnosticMessageText(messageText, " ")}`,
                );
        });
        assert.deepEqual(faults, []);
    });

    it("name the settings of a hub that the backends set", () => {
        const table = readFileSync(join(repositoryRoot, "docs/getting-started.md"), "utf8");
        for (const { hubSetting } of Object.values(serviceKinds)) {
            assert.ok(table.includes(`| \`${hubSetting}\` |`), hubSetting);
        }
    });
});
