import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { handlers } from "../../local/azure";
import { createSchema } from "../../local/plugin/schema";

const { resolve } = createRequire(__filename);

/** Names that a class of the vendor's own SDK sends to its provider, and those that it takes back. */
function namesInSdk(token: string): { inputs: string[]; outputs: string[] } {
    const [name = "", module = "", type = ""] = token.split(":");
    const own = type.charAt(0).toLowerCase() + type.slice(1);
    const folder = dirname(resolve(`@pulumi/${name}/package.json`));
    const file = name === "random" ? `${own}.js` : `${module}/${own}.js`;
    const source = readFileSync(join(folder, file), "utf8");
    const found = (pattern: RegExp) => [...new Set([...source.matchAll(pattern)].map(([, key = ""]) => key))];
    return {
        inputs: found(/resourceInputs\["(\w+)"\] = [^;]*\bargs\b/g),
        outputs: found(/resourceInputs\["(\w+)"\] = (?:undefined|[^;]*\bargs\b)/g),
    };
}

// What the SDK of the networking types takes for a reference to another resource, and what only Azure's servers fill in.
const unused = new Set(["id", "name", "type", "systemData", "azureApiVersion"]);

describe("the schema of the local provider", () => {
    const schemaOf = (name: string) => JSON.parse(createSchema({ name, version: "1.0.0" })).resources;
    const resources = { ...schemaOf("azure-native"), ...schemaOf("random") };

    for (const { token } of handlers) {
        it(`has every input and output of ${token}, so that pulumi import and YAML know them`, () => {
            const { inputProperties = {}, properties = {} } = resources[token];
            const { inputs, outputs } = namesInSdk(token);
            assert.ok(inputs.length > 0 && outputs.length > 0);
            const missing = (names: string[], known: object) =>
                names.filter((name) => !unused.has(name) && !Object.hasOwn(known, name));
            assert.deepEqual(missing(inputs, inputProperties), []);
            // Names that only place a resource come back in no output.
            const given = new Set(inputs);
            assert.deepEqual(
                missing(
                    outputs.filter((name) => !given.has(name)),
                    properties,
                ),
                [],
            );
        });
    }
});
