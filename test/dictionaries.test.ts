import assert from "node:assert/strict";
import { posix, sep } from "node:path";
import { globSync } from "tinyglobby";
import ts from "typescript";
import { repositoryRoot } from "./support/registeredFunctions";

/**
 * Places that index a plain object by a text, each read and found harmless. A new place belongs into a `Map` or a `Dictionary` (emulator/core/dictionary.ts):
 * a plain object also has `constructor`, and assigning `__proto__` changes it.
 */
const reviewed: Record<string, string> = {
    // The keys are the app's or the program's own settings and names, not a peer's.
    "emulator/functions/references.ts": "app settings, copied key by key",
    "emulator/functions/inspectEvents.ts": "the names are those of a fixed list",
    "emulator/inspect/actions.ts": "the names are those that the code asks for, and every value is checked",
    "emulator/inspect/page/virtualList.ts": "runs in a browser, on the keys that its user presses",
    "emulator/inspect/page/deploymentView.ts": "runs in a browser, on the keys that its user presses",
    "emulator/inspect/page/protocols.ts": "runs in a browser; a fixed list of types",
    "emulator/inspect/page/tryIt.ts": "runs in a browser, on its own choices",
    "emulator/functions/host/settings.ts": "app settings",
    "emulator/functions/host/bindings/expressions.ts":
        "looks with Object.hasOwn first; binding properties; date formats matched before",
    "emulator/functions/host/worker/hooks.ts": "the app's own hooks",
    "emulator/functions/host/worker/functionJson.ts": "the app's own exports",
    "emulator/functions/host/worker/readOnly.ts": "functions of node:fs",
    "emulator/functions/host/extensions/signalr/events.ts": "properties of a binding",
    "emulator/functions/host/extensions/signalr/dispatch.ts": "parameter names of a trigger",
    "emulator/functions/host/extensions/socketio/events.ts": "properties of a binding, found among its own keys",
    "emulator/functions/host/extensions/socketio/dispatch.ts": "parameter names of a trigger",
    "emulator/functions/host/extensions/webpubsub/triggers.ts": "properties of a binding, found among its own keys",
    "emulator/functions/host/extensions/webpubsub/actions.ts": "an action's name, found among the builders' own keys",
    "emulator/functions/host/keys/keys.ts": "names of keys, only with the master key",
    "emulator/functions/host/keys/vaultNames.ts": "names of keys with a prefix",
    "emulator/functions/host/keys/vaultStore.ts": "names of keys with a prefix",
    "emulator/storage/sharedKey.ts": "names of headers in the code",
    "emulator/functions/fromHost.ts": "names in the code",
    "emulator/functions/host/bindings/bindingData.ts":
        "a list without a prototype; others with Object.hasOwn or a key of their own",
    "emulator/functions/coreTools.ts": "names of environment variables in the code",
    "cli/given.ts": "environment variables",
    "cli/words.ts": "names in the code",
    // The program's own values and names.
    "components/shared/shape.ts": "names of the shapes in the code, and a value's own keys",
    "components/shared/tags.ts": "the tags' own keys",
    "components/shared/vault.ts": "names in the code",
    "components/functionCode/linkedPackages.ts": "sections of a package.json, named in the code",
    "components/hostKeys/discover.ts": "looks with Object.hasOwn first",
    "local/arm/dates.ts": "parts of a date that the pattern before found",
    "local/arm/template.ts": "names in the code",
    "local/azure/armHandler.ts": "looks with Object.hasOwn first; names in the code",
    "local/azure/deployment.ts": "names in the code",
    "local/azure/effects.ts": "types and paths in the code",
    "local/azure/inputs.ts": "names in the code",
    "local/azure/siteFaults.ts": "names in the code",
    "local/check/step.ts": "names in the code",
    "local/contract/contract.ts": "names that the contract itself has",
    "local/engine/armTypes.ts": "the inputs' own keys, and names that end with Name",
    "local/engine/azureAnswers.ts": "Pulumi types, which have colons",
    "local/engine/config.ts": "keys with the project's name and a colon",
    "local/engine/diff.ts": "deletes and defines own values only",
    "local/engine/lookups.ts": "keys that are JSON",
    "local/engine/plan.ts": "names in the code",
    "local/engine/standIns.ts": "names in the code; two values that are compared",
    "local/engine/state.ts": "names in the code",
    "local/engine/unknownType.ts": "the inputs' own keys, and names that end with Name",
    "local/engine/values.ts": "looks with Object.hasOwn first",
    "local/engine/yaml.ts": "names in the code",
    "local/linkedPackages.ts": "names in the code",
    "local/plugin/schema.ts": "Pulumi types, which have colons",
    "local/plugin/server/provider.ts": "names in the code",
    "local/random/handler.ts": "names in the code",
    "local/random/text.ts": "names in the code",
    "policy/rules.ts": "the settings' own keys",
    "stacks/config.ts": "names in the code",
};

const folders = ["emulator", "cli", "components", "local", "stacks", "policy", "plugin"];

/** Compiles these files without the packages that they import, whose types would take most of the time and say nothing about our objects. */
function compile(paths: readonly string[], overlay: ReadonlyMap<string, string> = new Map()): ts.Program {
    const options: ts.CompilerOptions = {
        target: ts.ScriptTarget.ES2022,
        module: ts.ModuleKind.CommonJS,
        moduleResolution: ts.ModuleResolutionKind.Node10,
        ignoreDeprecations: "6.0",
        strict: true,
        noUncheckedIndexedAccess: true,
        skipLibCheck: true,
        noEmit: true,
        types: ["node"],
    };
    const host = ts.createCompilerHost(options);
    const { readFile, fileExists } = host;
    host.readFile = (path) => overlay.get(path) ?? readFile(path);
    host.fileExists = (path) => overlay.has(path) || fileExists(path);
    host.resolveModuleNameLiterals = (literals, from) =>
        literals.map(({ text }) =>
            text.startsWith(".") || text.startsWith("node:")
                ? ts.resolveModuleName(text, from, options, host)
                : { resolvedModule: undefined },
        );
    return ts.createProgram([...paths], options, host);
}

/** Whether a value of this type may be any text. */
function isText(type: ts.Type): boolean {
    return type.isUnion() ? type.types.some(isText) : (type.flags & ts.TypeFlags.String) !== 0;
}

/** Whether an object of this type has no prototype, or none of its keys are texts. */
function isSafe(type: ts.Type, checker: ts.TypeChecker): boolean {
    if (type.aliasSymbol?.name === "Dictionary" || (type.flags & ts.TypeFlags.Any) !== 0) {
        return true;
    }
    const own = type.isUnion() ? type.types : [type];
    return own.every(
        (part) =>
            part.aliasSymbol?.name === "Dictionary" ||
            (part.flags & (ts.TypeFlags.Undefined | ts.TypeFlags.Null)) !== 0 ||
            part.symbol?.name === "ProcessEnv" ||
            checker.getIndexInfoOfType(part, ts.IndexKind.String) === undefined,
    );
}

/** `file: expression` of each place that indexes a plain object by a text. */
function findPlaces(program: ts.Program, paths: ReadonlySet<string>): { path: string; text: string }[] {
    const checker = program.getTypeChecker();
    const found: { path: string; text: string }[] = [];
    for (const file of program.getSourceFiles()) {
        if (!paths.has(file.fileName)) {
            continue;
        }
        const path = posix.relative(repositoryRoot.split(sep).join("/"), file.fileName);
        const visit = (node: ts.Node): void => {
            if (
                ts.isElementAccessExpression(node) &&
                isText(checker.getTypeAtLocation(node.argumentExpression)) &&
                !isSafe(checker.getTypeAtLocation(node.expression), checker)
            ) {
                found.push({ path, text: node.getText() });
            }
            if (
                ts.isBinaryExpression(node) &&
                node.operatorToken.kind === ts.SyntaxKind.InKeyword &&
                isText(checker.getTypeAtLocation(node.left)) &&
                !isSafe(checker.getTypeAtLocation(node.right), checker)
            ) {
                found.push({ path, text: node.getText() });
            }
            ts.forEachChild(node, visit);
        };
        visit(file);
    }
    return found;
}

describe("objects that outside texts look into", function () {
    this.timeout(60_000);

    it("are maps or have no prototype", () => {
        const paths = globSync(
            folders.map((folder) => `${folder}/**/*.ts`),
            { cwd: repositoryRoot, absolute: true },
        );
        const probe = posix.join(repositoryRoot, "emulator/core/probe.ts");
        const overlay = new Map([
            [
                probe,
                `import { createDictionary } from "./dictionary";
                 const table: Record<string, number> = {};
                 const dictionary = createDictionary<number>();
                 export const read = (text: string): unknown => [table[text], dictionary[text], table["fixed"], [1][0], text in table, text in dictionary, "fixed" in table];`,
            ],
        ]);
        const all = [...paths, probe];
        const found = findPlaces(compile(all, overlay), new Set(all));
        // The test must find a place that it is shown, and only the one that is wrong in it.
        assert.deepEqual(
            found.filter(({ path }) => path.endsWith("probe.ts")).map(({ text }) => text),
            ["table[text]", "text in table"],
        );
        const places = found.filter(({ path }) => !path.endsWith("probe.ts"));
        assert.deepEqual(
            places.filter(({ path }) => !Object.hasOwn(reviewed, path)),
            [],
        );
        const stale = Object.keys(reviewed).filter((path) => places.every((place) => place.path !== path));
        assert.deepEqual(stale, [], "these files have no such place any more");
    });
});
