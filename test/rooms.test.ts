import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { posix } from "node:path";
import { globSync } from "tinyglobby";
import ts from "typescript";
import { repositoryRoot } from "./support/registeredFunctions";

interface Room {
    /** Folders of this repository that a file of the room may import from. */
    folders: string[];
    /** Packages it may not import. */
    forbidden: RegExp;
}

const rooms: Record<string, Room> = {
    components: { folders: ["components"], forbidden: /^(@azure\/|azurite|engine\.io|socket\.io|undici|jose|mocha)/ },
    emulator: { folders: ["emulator"], forbidden: /^@pulumi\// },
    local: { folders: ["local", "emulator"], forbidden: /^@pulumi\/(azure-native|random)/ },
    cli: { folders: ["cli", "emulator"], forbidden: /^@pulumi\// },
    policy: { folders: ["policy"], forbidden: /^@pulumi\/(?!policy$)/ },
    stacks: { folders: ["stacks", "components"], forbidden: /^(@azure\/|azurite|engine\.io|socket\.io)/ },
    functions: { folders: ["functions"], forbidden: /^@pulumi\// },
};

interface Source {
    /** From the root of the repository, with forward slashes. */
    path: string;
    text: string;
}

/** What a file imports that the house does not allow, in words. */
function faultsOf({ path, text }: Source): string[] {
    const name = path.split("/")[0] ?? "";
    const { folders, forbidden } = rooms[name] ?? { folders: [], forbidden: /^/ };
    return ts.preProcessFile(text).importedFiles.flatMap(({ fileName: imported }) => {
        if (/^@pulumi\/azure-native(\/[a-z]+)?$/.test(imported)) {
            return [`${path} imports all of ${imported}; import a file of it, as @pulumi/azure-native/web/webApp`];
        }
        if (!imported.startsWith(".")) {
            return forbidden.test(imported) ? [`${path} imports ${imported}, which is not for ${name}`] : [];
        }
        const target = posix.join(posix.dirname(path), imported);
        const allowed = folders.some((folder) => target === folder || target.startsWith(`${folder}/`));
        return allowed ? [] : [`${path} imports ${target}; ${name} may import from ${folders.join(", ")}`];
    });
}

describe("the rooms of the house", () => {
    for (const room of Object.keys(rooms)) {
        it(`${room} imports only what it may know`, () => {
            const files = globSync(`${room}/**/*.{ts,mjs}`, {
                cwd: repositoryRoot,
                ignore: ["**/node_modules/**", "**/dist/**"],
            });
            assert.ok(files.length > 0, `${room} holds no source`);
            const faults = files.flatMap((path) =>
                faultsOf({ path, text: readFileSync(posix.join(repositoryRoot, path), "utf8") }),
            );
            assert.deepEqual(faults, []);
        });
    }

    for (const { path, text, fault } of [
        {
            path: "emulator/vault/index.ts",
            text: 'import type { Output } from "@pulumi/pulumi";',
            fault: "emulator/vault/index.ts imports @pulumi/pulumi, which is not for emulator",
        },
        {
            path: "local/cli.ts",
            text: 'import { SocketIOBackend } from "../components";',
            fault: "local/cli.ts imports components; local may import from local, emulator",
        },
        {
            path: "emulator/core/http.ts",
            text: 'const later = () => import("../../local/cli");',
            fault: "emulator/core/http.ts imports local/cli; emulator may import from emulator",
        },
        {
            path: "components/hub.ts",
            text: 'export * from "../stacks/config";',
            fault: "components/hub.ts imports stacks/config; components may import from components",
        },
        {
            path: "stacks/index.ts",
            text: 'import * as azure from "@pulumi/azure-native";',
            fault: "stacks/index.ts imports all of @pulumi/azure-native; import a file of it, as @pulumi/azure-native/web/webApp",
        },
        {
            path: "components/parts/plan.ts",
            text: 'import { AppServicePlan } from "@pulumi/azure-native/web";',
            fault: "components/parts/plan.ts imports all of @pulumi/azure-native/web; import a file of it, as @pulumi/azure-native/web/webApp",
        },
    ]) {
        it(`would refuse ${text}`, () => {
            assert.deepEqual(faultsOf({ path, text }), [fault]);
        });
    }
});
