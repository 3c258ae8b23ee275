import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { globSync } from "tinyglobby";
import { parse } from "yaml";
import { componentCalls } from "../support/calls";
import { readStoredSchema } from "../support/packageSchema";
import { dialects, programFaults, token } from "../support/programNames";
import { repositoryRoot } from "../support/registeredFunctions";
import { yamlProgramFaults } from "../support/yamlNames";

const folder = join(repositoryRoot, "examples");
// Programs for Node import the library and name no package.
const programsInNode = ["regions/**", "tenants/**", "testing/**"];
const read = (path: string) => readFileSync(join(folder, path), "utf8");
describe("the examples in other languages", () => {
    const schema = readStoredSchema();
    const backends = Object.keys(schema.resources)
        .map((type) => type.split(":")[2] ?? "")
        .filter((name) => name.endsWith("Backend"))
        .sort();

    for (const dialect of dialects) {
        it(`in ${dialect.language} create every backend, as the schema defines it`, () => {
            const text = read(dialect.file);
            assert.deepEqual(programFaults({ text, dialect, schema }), []);
            const made = componentCalls(text, dialect).map(({ component }) => component);
            assert.deepEqual(made.sort(), backends);
            assert.equal([...text.matchAll(dialect.output)].length, backends.length);
        });

        it(`in ${dialect.language} would be refused with a wrong name or value, or without a required property`, () => {
            const text = read(dialect.file);
            const changed = (from: RegExp, to: string) => {
                assert.match(text, from);
                return programFaults({ text: text.replace(from, to), dialect, schema });
            };
            assert.match(changed(/SocketIOBackend(?=\()/, "SocketBackend").join(), /SocketBackend is no component/);
            assert.match(changed(/(STANDARD_S1|StandardS1)/, "Smallest").join(), /allowed are/);
            assert.match(changed(/\bname(?=["(]|\b.*: "chat")|Name(?= ?[=:] "chat")/, "title").join(), /has no title/);
            assert.match(changed(/code_path|codePath|CodePath/, "folder").join(), /needs code_?path.*has no folder/i);
            assert.match(changed(/negotiate_url|[nN]egotiateUrl/, "address").join(), /has no output address/);
        });
    }

    it("in YAML create every backend, as the schema defines it, including nested properties", () => {
        const text = read("yaml/Pulumi.yaml");
        assert.deepEqual(yamlProgramFaults(text, schema), []);
        const { resources } = parse(text) as { resources: Record<string, { type: string }> };
        assert.deepEqual(
            Object.values(resources)
                .map(({ type }) => type)
                .sort(),
            backends.map(token),
        );
        const changed = (from: string, to: string) => yamlProgramFaults(text.replace(from, to), schema).join();
        assert.match(changed("Standard_S1", "Standard_S9"), /chat\.sku is Standard_S9; allowed are Free_F1/);
        assert.match(changed("- name: hub", "- title: hub"), /chat\.hubs\[0\] needs name,chat\.hubs\[0\] has no title/);
        assert.match(changed("512", "small"), /board\.instanceMemoryMB must be integer/);
        assert.match(changed("chat.negotiateUrl", "chat.url"), /\$\{chat\.url\} is no output/);
    });

    it("are projects that name this package, in a language that Pulumi supports", () => {
        const runtimes = globSync("*/Pulumi.yaml", { cwd: folder, ignore: programsInNode }).map((path) => {
            const { runtime, packages } = parse(read(path)) as {
                runtime: string | { name: string };
                packages: unknown;
            };
            assert.deepEqual(packages, { "azure-realtime": "../../plugin" }, path);
            return typeof runtime === "string" ? runtime : runtime.name;
        });
        assert.deepEqual(runtimes.sort(), ["dotnet", "go", "java", "python", "yaml"]);
    });
});
