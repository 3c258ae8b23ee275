import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { globSync } from "tinyglobby";
import { keys } from "../stacks/config";
import { repositoryRoot } from "./support/registeredFunctions";

const pages = [
    "README.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    "SECURITY.md",
    ...globSync(["{docs,docs/reference,examples,functions/*}/*.md"], { cwd: repositoryRoot }),
];

const read = (path: string) => readFileSync(join(repositoryRoot, path), "utf8");

/** A default as YAML writes it. */
function shown(value: unknown): string {
    return Array.isArray(value)
        ? `[${value.join(", ")}]`
        : typeof value === "object"
          ? JSON.stringify(value)
          : String(value);
}

describe("the documentation", () => {
    for (const page of pages) {
        it(`${page} links only to existing files`, () => {
            const targets = [...read(page).matchAll(/\]\(([^)#:]+)(#[^)]*)?\)/g)].map(([, target]) => target ?? "");
            const missing = targets.filter((target) => !existsSync(join(repositoryRoot, dirname(page), target)));
            assert.deepEqual(missing, []);
        });

        it(`${page} names only existing files and npm scripts`, () => {
            const text = read(page);
            const { scripts } = JSON.parse(read("package.json")) as { scripts: Record<string, string> };
            const called = [...text.matchAll(/npm (?:run ([a-z-]+)|(start|test)\b)/g)].map(
                ([, run, own]) => run ?? own ?? "",
            );
            const named = [
                ...text.matchAll(
                    /`((?:cli|components|emulator|examples|policy|local|stacks|functions|test|docs)\/[\w./-]*)`/g,
                ),
            ];
            assert.deepEqual(
                [
                    ...called.filter((script) => !Object.hasOwn(scripts, script)),
                    ...named.map(([, path]) => path ?? "").filter((path) => !existsSync(join(repositoryRoot, path))),
                ],
                [],
            );
        });
    }

    it("lists every configuration key with its type and default", () => {
        const rows = [...read("docs/environments.md").matchAll(/^\| `(\w+)` \| (\w+) \| (.+?) \| /gm)];
        assert.deepEqual(
            rows
                .filter(([, , type]) => /^(string|integer|boolean|array|object)$/.test(type ?? ""))
                .map(([, ...row]) => row),
            Object.entries(keys).map(([name, { type, default: value }]) => [
                name,
                type,
                value === "" ? "empty" : `\`${shown(value)}\``,
            ]),
        );
    });
});
