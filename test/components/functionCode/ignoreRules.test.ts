import assert from "node:assert/strict";
import fc from "fast-check";
import ignore from "ignore";
import { readIgnoreRules } from "../../../components/functionCode/ignoreRules";
import { fastest } from "../../support/fastest";

const pieces = [
    "a",
    "b",
    "A",
    ".",
    "*",
    "**",
    "?",
    "/",
    "[ab]",
    "[!a]",
    "[^b-c]",
    "[]a]",
    "[[:alpha:]]",
    "[^[:digit:]b]",
    "[[:nosuch:]]",
    "\\*",
    "\\a",
    "!",
    "#",
    " ",
    "\\ ",
    "-",
];
const line = fc.array(fc.constantFrom(...pieces), { minLength: 1, maxLength: 8 }).map((parts) => parts.join(""));
const name = fc
    .array(fc.constantFrom("a", "b", "A", ".", "*", "c", "!", "#", " ", "-", "]"), { minLength: 1, maxLength: 5 })
    .map((parts) => parts.join(""))
    .filter((text) => !/^\.+$/.test(text));
const path = fc
    .tuple(fc.array(name, { minLength: 1, maxLength: 4 }), fc.boolean())
    .map(([names, isFolder]) => names.join("/") + (isFolder ? "/" : ""));

/** Whether the walk of a package comes to a path and leaves it out there: folders are asked about first. */
function leavesOut(rules: (path: string) => boolean, path: string): boolean {
    const names = path.replace(/\/$/, "").split("/");
    const folders = names.slice(0, -1).map((_, index) => `${names.slice(0, index + 1).join("/")}/`);
    return [...folders, path].some((step) => rules(step));
}

describe(".funcignore", () => {
    it("leaves out what the library `ignore` and git would, whatever the lines are", () => {
        fc.assert(
            fc.property(fc.array(line, { minLength: 1, maxLength: 3 }), path, (lines, asked) => {
                const expected = ignore().add(lines.join("\n")).ignores(asked);
                assert.equal(leavesOut(readIgnoreRules(lines), asked), expected);
            }),
            { numRuns: 5000, seed: 1 },
        );
    });

    const names = ["a".repeat(254), `${"a".repeat(253)}b`, `${"ab".repeat(127)}`];
    for (const pattern of [
        "*a*a*a*a*a*a*b",
        "*a*a/*a*a*a/*a*a*a*c",
        "**/a*/**/a*a/**/*a*a*c",
        "[a]*[a]*[a]*[a]*c",
        `${"*a".repeat(100)}c`,
    ]) {
        it(`says within 5 ms whether ${pattern.slice(0, 30)} takes a long path`, () => {
            const rules = readIgnoreRules([pattern]);
            for (const long of names) {
                const deep = Array.from({ length: 16 }, () => long).join("/");
                assert.ok(fastest(() => rules(long)) < 5);
                assert.ok(fastest(() => rules(deep)) < 5);
            }
        });
    }
});
