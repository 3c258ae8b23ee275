import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { posix } from "node:path";
import { globSync } from "tinyglobby";
import ts from "typescript";
import { findCircles } from "./support/circles";
import { repositoryRoot } from "./support/registeredFunctions";

interface Folder {
    /** Folders of this repository that the folder's files may import from. */
    folders: string[];
    /** Packages that the folder's files must not import. */
    forbidden: RegExp;
}

const folders: Record<string, Folder> = {
    // What Azure's Functions host takes: the component checks it before a deployment, the emulated host when an app starts.
    rules: { folders: ["rules"], forbidden: /^(?!minimatch$)/ },
    components: {
        folders: ["components", "rules"],
        forbidden: /^(@azure\/|azurite|engine\.io|socket\.io|undici|jose|mocha)/,
    },
    emulator: { folders: ["emulator", "rules"], forbidden: /^@pulumi\// },
    local: { folders: ["local", "emulator"], forbidden: /^@pulumi\/(azure-native|random)/ },
    cli: { folders: ["cli", "local", "emulator", "components/shared"], forbidden: /^@pulumi\// },
    plugin: { folders: ["plugin", "components", "package.json"], forbidden: /^(?!node:|@pulumi\/pulumi(\/|$))/ },
    prove: { folders: ["prove", "cli", "stacks/config"], forbidden: /^@pulumi\/(?!pulumi(\/|$))/ },
    policy: { folders: ["policy"], forbidden: /^@pulumi\/(?!policy$)/ },
    stacks: { folders: ["stacks", "components"], forbidden: /^(@azure\/|azurite|engine\.io|socket\.io)/ },
    functions: { folders: ["functions"], forbidden: /^@pulumi\// },
};

interface Source {
    /** Path from the root of the repository, with forward slashes. */
    path: string;
    text: string;
}

function sourcesOf(folder: string): Source[] {
    const paths = globSync(`${folder}/**/*.{ts,mjs}`, {
        cwd: repositoryRoot,
        ignore: ["**/node_modules/**", "**/dist/**"],
    });
    return paths.map((path) => ({ path, text: readFileSync(posix.join(repositoryRoot, path), "utf8") }));
}

/** The imports of a file, including types and `require`. */
const importsOf = (text: string): string[] =>
    ts.preProcessFile(text, true, true).importedFiles.map(({ fileName }) => fileName);

/** Messages about the imports of a file that the architecture forbids. */
function faultsOf({ path, text }: Source): string[] {
    const name = path.split("/")[0] ?? "";
    const { folders: known, forbidden } = folders[name] ?? { folders: [], forbidden: /^/ };
    return importsOf(text).flatMap((imported) => {
        if (imported === "@pulumi/azure-native") {
            return [`${path} imports all of ${imported}; import a module of it, as @pulumi/azure-native/web`];
        }
        if (!imported.startsWith(".")) {
            return forbidden.test(imported) ? [`${path} imports ${imported}, which is not for ${name}`] : [];
        }
        const target = posix.join(posix.dirname(path), imported);
        const allowed = known.some((folder) => target === folder || target.startsWith(`${folder}/`));
        return allowed ? [] : [`${path} imports ${target}; ${name} may import from ${known.join(", ")}`];
    });
}

/** The imports between the given files. */
function graphOf(sources: readonly Source[]): Map<string, string[]> {
    const paths = new Set(sources.map(({ path }) => path));
    const resolve = (path: string, imported: string) => {
        const target = posix.join(posix.dirname(path), imported);
        return [target, `${target}.ts`, `${target}/index.ts`].find((candidate) => paths.has(candidate)) ?? [];
    };
    return new Map(
        sources.map(({ path, text }) => [
            path,
            importsOf(text).flatMap((imported) => (imported.startsWith(".") ? resolve(path, imported) : [])),
        ]),
    );
}

/** The imports between the folders of these files. Leaves out imports within a folder. */
function foldersOf(files: ReadonlyMap<string, readonly string[]>): Map<string, string[]> {
    const between = new Map<string, string[]>();
    for (const [path, imports] of files) {
        const from = posix.dirname(path);
        const to = imports.map((imported) => posix.dirname(imported)).filter((folder) => folder !== from);
        between.set(from, [...(between.get(from) ?? []), ...to]);
    }
    return between;
}

describe("the folders of the repository", () => {
    for (const folder of Object.keys(folders)) {
        it(`${folder} imports only what it may know`, () => {
            const sources = sourcesOf(folder);
            assert.ok(sources.length > 0, `${folder} holds no source`);
            assert.deepEqual(sources.flatMap(faultsOf), []);
        });
    }

    for (const folder of Object.keys(folders)) {
        it(`${folder} has no files that import one another in a circle, not even their types`, () => {
            assert.deepEqual(findCircles(graphOf(sourcesOf(folder))), []);
        });
    }

    it("components has no folders that import one another in a circle", () => {
        assert.deepEqual(findCircles(foldersOf(graphOf(sourcesOf("components")))), []);
    });

    it("import one another in one direction", () => {
        const known = new Map(
            Object.entries(folders).map(([name, { folders: allowed }]) => [
                name,
                allowed.map((folder) => folder.split("/")[0] ?? "").filter((folder) => folder !== name),
            ]),
        );
        assert.deepEqual(findCircles(known), []);
    });

    for (const { path, text, fault } of [
        {
            path: "emulator/vault/index.ts",
            text: 'import type { Output } from "@pulumi/pulumi";',
            fault: "emulator/vault/index.ts imports @pulumi/pulumi, which is not for emulator",
        },
        {
            path: "local/run.ts",
            text: 'import { SocketIOBackend } from "../components";',
            fault: "local/run.ts imports components; local may import from local, emulator",
        },
        {
            path: "cli/services.ts",
            text: 'import { SocketIOBackend } from "../components/backend/socketIOBackend";',
            fault: "cli/services.ts imports components/backend/socketIOBackend; cli may import from cli, local, emulator, components/shared",
        },
        {
            path: "emulator/core/http.ts",
            text: 'const later = () => import("../../local/run");',
            fault: "emulator/core/http.ts imports local/run; emulator may import from emulator, rules",
        },
        {
            path: "emulator/core/http.ts",
            text: 'const later = () => require("../../cli/program") as typeof import("../../cli/program");',
            fault: "emulator/core/http.ts imports cli/program; emulator may import from emulator, rules",
        },
        {
            path: "components/hub.ts",
            text: 'export * from "../stacks/config";',
            fault: "components/hub.ts imports stacks/config; components may import from components, rules",
        },
        {
            path: "stacks/index.ts",
            text: 'import * as azure from "@pulumi/azure-native";',
            fault: "stacks/index.ts imports all of @pulumi/azure-native; import a module of it, as @pulumi/azure-native/web",
        },
        {
            path: "components/parts/plan.ts",
            text: 'import type { types } from "@pulumi/azure-native";',
            fault: "components/parts/plan.ts imports all of @pulumi/azure-native; import a module of it, as @pulumi/azure-native/web",
        },
    ]) {
        it(`would refuse ${text}`, () => {
            assert.deepEqual([...new Set(faultsOf({ path, text }))], [fault]);
        });
    }

    it("reports a circle of types, of a require, and between folders", () => {
        const files = graphOf([
            { path: "a/index.ts", text: 'export * from "./one";' },
            { path: "a/one.ts", text: 'import type { Two } from "../b/two";' },
            { path: "b/two.ts", text: 'const one = () => require("../a/one");\nimport { c } from "../c/three";' },
            { path: "c/three.ts", text: "export const c = 1;" },
        ]);
        assert.deepEqual(findCircles(files), ["a/one.ts -> b/two.ts -> a/one.ts"]);
        assert.deepEqual(findCircles(foldersOf(files)), ["a -> b -> a"]);
        assert.deepEqual(findCircles(new Map([["a", ["a"]]])), ["a -> a"]);
    });
});
