import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { formsOf } from "../../cli/mask";

/** Shorter texts are words, such as the name of a kind of key. */
const shortest = 12;
/** What looks like a secret, whether this run made it or not: tokens, and keys in connection strings and URLs. */
const suspicious =
    /eyJ[\w-]{8,}\.eyJ[\w-]{8,}|(?:AccessKey|AccountKey)=[^;*\s]{12,}|[?&](?:code|sig|access_token)=[^&*\s{]{12,}/;

/** Every text inside a value. */
function textsIn(value: unknown): string[] {
    if (typeof value === "string") {
        return [value];
    }
    return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

/** Texts of the members whose name says that they are secret, at any depth. */
function namedSecrets(value: unknown): string[] {
    if (typeof value !== "object" || value === null) {
        return [];
    }
    return Object.entries(value).flatMap(([name, part]) =>
        /key|secret|password|connectionString/i.test(name) ? textsIn(part) : namedSecrets(part),
    );
}

/** Texts of the members with this name, at any depth. */
function membersNamed(wanted: string, value: unknown): string[] {
    if (typeof value !== "object" || value === null) {
        return [];
    }
    return Object.entries(value).flatMap(([name, part]) =>
        name === wanted ? textsIn(part) : membersNamed(wanted, part),
    );
}

/** Secrets in the files of vaults, of hosts with keys in files, and of storage accounts. */
function secretsInFiles(folder: string): string[] {
    const paths = readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && entry.name.endsWith(".json"))
        .map(({ parentPath, name }) => join(parentPath, name));
    return paths.flatMap((path) => {
        if (/[\\/]storage[\\/]keys\.json$/.test(path)) {
            return textsIn(JSON.parse(readFileSync(path, "utf8")));
        }
        return /[\\/](vaults|secrets)[\\/]/.test(path)
            ? membersNamed("value", JSON.parse(readFileSync(path, "utf8")))
            : [];
    });
}

const carried = /(?:AccessKey|AccountKey|sig|code|access_token)=([^;&"\s{]+)/g;

interface StoredResource {
    type: string;
    outputs: Record<string, unknown>;
    keep: Record<string, unknown>;
}

/** Every secret that the runs in a stack's folder made: random passwords, secrets of vaults, keys of services, accounts and hosts. */
export function secretsOf(folder: string): string[] {
    const { resources } = JSON.parse(readFileSync(join(folder, "state.json"), "utf8")) as {
        resources: StoredResource[];
    };
    const all = [
        ...secretsInFiles(folder),
        ...resources.flatMap(({ type, outputs, keep }) => [
            ...(type.endsWith(":RandomPassword") ? textsIn(outputs.result) : []),
            ...namedSecrets(keep),
        ]),
        ...textsIn(resources).flatMap((text) => [...text.matchAll(carried)].map(([, key]) => decodeURIComponent(key!))),
    ];
    return [...new Set(all)].filter((text) => text.length >= shortest);
}

/** Fails when an output has a secret of the runs in this folder, in any form, without showing it. */
export function requireNoSecrets({ folder, output }: { folder: string; output: string }): void {
    const secrets = secretsOf(folder);
    assert.ok(secrets.length > 3, "the run made secrets");
    for (const form of secrets.flatMap(formsOf).filter((text) => text.length >= shortest)) {
        const at = output.indexOf(form);
        assert.ok(
            at < 0,
            `a secret of ${form.length} characters is printed after: ${output.slice(Math.max(0, at - 200), at)}`,
        );
    }
    const found = suspicious.exec(output);
    assert.equal(
        found,
        null,
        `something like a secret is printed after: ${output.slice(Math.max(0, (found?.index ?? 0) - 200), found?.index)}`,
    );
}
