import assert from "node:assert/strict";
import { readProject, readStackConfig } from "../../local/engine/project";
import { functionFolder } from "../support/functionFolder";

describe("the files of a project", () => {
    const read = (stackFile: string, declarations = "") => {
        const directory = functionFolder({
            "Pulumi.yaml": `name: chat\nruntime: nodejs\nmain: index.ts\n${declarations}`,
            "index.ts": "",
            "Pulumi.dev.yaml": stackFile,
        });
        return readStackConfig({ project: readProject(directory), stack: "dev" }).values;
    };
    const units = "config:\n  units:\n    type: integer\n    default: 3\n";

    // The Pulumi CLI reads such a file as one without configuration.
    for (const [what, text] of [
        ["is empty", ""],
        ["holds only comments", "# nothing yet\n"],
        ["holds only a start of a document", "---\n"],
        ["is null", "null\n"],
        ["has an empty config", "config:\n"],
    ] as const) {
        it(`may have a stack file that ${what}`, () => assert.deepEqual(read(text, units), { "chat:units": "3" }));
    }

    for (const text of ["- a\n", "text\n", "5\n"]) {
        it(`may not have a stack file that is ${text.trim()}`, () => {
            assert.throws(() => read(text), /Pulumi\.dev\.yaml must be a map of settings/);
        });
    }

    // A deprecated use of the key, which project.json of pulumi/pulumi still describes.
    it("may name the folder of the stacks' files under config", () => {
        const directory = functionFolder({
            "Pulumi.yaml": "name: chat\nruntime: nodejs\nmain: index.ts\nconfig: stacks\n",
            "index.ts": "",
            "stacks/Pulumi.dev.yaml": "config: { size: 1 }\n",
        });
        const project = readProject(directory);
        assert.deepEqual(project.config, {});
        assert.deepEqual(readStackConfig({ project, stack: "dev" }).values, { "chat:size": "1" });
    });

    for (const [what, environment, named] of [
        ["a list of environments", "environment: [acme/dev, acme/keys]", "acme/dev, acme/keys"],
        ["environments with options", "environment:\n  - acme/dev: { merge: false }", "acme/dev"],
        ["an environment of its own with imports", "environment: { imports: [acme/dev] }", "acme/dev"],
        ["an environment of its own", "environment: { values: { pulumiConfig: { units: 4 } } }", "of its own"],
    ] as const) {
        it(`say with missing config that the stack file has ${what}, which is not opened`, () => {
            const declaration = "config:\n  units:\n    type: integer\n";
            assert.throws(() => read(`${environment}\n`, declaration), {
                message: new RegExp(
                    "chat:units is missing: it needs a value of type integer\\. " +
                        `Note that stack "dev" takes values from Pulumi ESC \\(environment ${named}\\), which the local Azure ` +
                        "does not open: give those that the program needs under config\\.$",
                ),
            });
            assert.deepEqual(read(`${environment}\n`, units), { "chat:units": "3" });
        });
    }

    it("may have an empty list of environments", () => {
        assert.throws(() => read("environment: []\n", "config: { units: { type: integer } }\n"), /type integer\.$/);
    });

    it("may not have an empty Pulumi.yaml", () => {
        assert.throws(
            () => readProject(functionFolder({ "Pulumi.yaml": "# nothing\n" })),
            /Pulumi\.yaml: runtime is missing\. Set runtime: nodejs/,
        );
    });
});
