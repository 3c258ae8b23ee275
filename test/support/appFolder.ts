import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { functionFolder } from "./functionFolder";
import { repositoryRoot } from "./registeredFunctions";

// No extension bundle has all three services, so the app brings its extensions along.
const extensions = ["SignalRService", "WebPubSub", "WebPubSubForSocketIO"].map((name) => ({
    name,
    typeName: `Startup, Microsoft.Azure.WebJobs.Extensions.${name}, Version=1.0.0.0`,
}));

/** A Function App's folder with this repository's packages, and with the extensions of all three services. */
export function appFolder(files: Record<string, string>, hostJson: Record<string, unknown> = {}): string {
    const folder = functionFolder({
        "host.json": JSON.stringify({ version: "2.0", ...hostJson }),
        "bin/extensions.json": JSON.stringify({ extensions }),
        ...files,
    });
    symlinkSync(join(repositoryRoot, "node_modules"), join(folder, "node_modules"), "junction");
    return folder;
}

/** A function as function.json describes it, for `legacyApp` and `currentApp`. */
export interface TestFunction {
    name: string;
    bindings: Record<string, unknown>[];
    /** Source of the handler: `(context, input) => …`. Both models hand over these two. */
    handler: string;
    more?: Record<string, unknown>;
}

/** Folders of the function.json model. */
export function legacyApp(functions: readonly TestFunction[], hostJson?: Record<string, unknown>): string {
    const files = functions.flatMap(({ name, bindings, handler, more }): [string, string][] => [
        [`${name}/function.json`, JSON.stringify({ bindings, ...more })],
        [`${name}/index.js`, `module.exports = ${handler};`],
    ]);
    return appFolder({ "package.json": "{}", ...Object.fromEntries(files) }, hostJson);
}

/** One file of the v4 model. Outputs keep their names; the handler's result goes to `$return`. */
export function currentApp(functions: readonly TestFunction[], hostJson?: Record<string, unknown>): string {
    const calls = functions.map(({ name, bindings, handler, more }) => {
        const trigger = bindings.find(({ type }) => /trigger$/i.test(String(type)));
        const inputs = bindings.filter((binding) => binding !== trigger && binding.direction === "in");
        const result = bindings.find((binding) => binding.name === "$return");
        const outputs = bindings.filter((binding) => binding !== result && binding.direction === "out");
        const options = JSON.stringify({
            trigger,
            extraInputs: inputs,
            return: result,
            extraOutputs: outputs,
            ...more,
        });
        return `app.generic(${JSON.stringify(name)}, { ...${options}, handler: (input, context) => (${handler})(context, input) });`;
    });
    return appFolder(
        {
            "package.json": JSON.stringify({ main: "index.js" }),
            "index.js": `const { app } = require("@azure/functions");\n${calls.join("\n")}`,
        },
        hostJson,
    );
}

/** Both programming models, by name. */
export const models = { "function.json": legacyApp, v4: currentApp };
