import assert from "node:assert/strict";
import { prepareHandler } from "../../../emulator/core/upstream/eventHandlers";
import { compileWildcards, type WildcardPart } from "../../../emulator/core/wildcards";
import { parseGroupPattern } from "../../../emulator/webpubsub/groupPattern";
import { fastest } from "../../support/fastest";
import { seededRandom } from "../../support/seededRandom";

const sources = { one: "[^.]", part: "[^.]*", any: ".*" };

/** The same pattern as a regular expression, which is right but slow. */
function toExpression(parts: readonly WildcardPart[], flags: string): RegExp {
    const source = parts.map((part) =>
        part.kind === "literal" ? part.text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&") : sources[part.kind],
    );
    return new RegExp(`^${source.join("")}$`, flags);
}

describe("wildcards", () => {
    it("match what the regular expression of the same pattern matches", () => {
        const random = seededRandom(1);
        const pick = <T>(items: readonly T[]): T => items[random.whole(items.length)] as T;
        const pieces: WildcardPart[] = [
            { kind: "literal", text: "a" },
            { kind: "literal", text: "ab" },
            { kind: "literal", text: "." },
            { kind: "literal", text: "ſ" },
            { kind: "one" },
            { kind: "part" },
            { kind: "any" },
        ];
        const list = <T>(items: readonly T[], most: number): T[] =>
            Array.from({ length: random.whole(most) }, () => pick(items));
        let matched = 0;
        for (let round = 0; round < 20_000; round++) {
            const parts = list(pieces, 7);
            const text = list(["a", "b", "A", ".", "s", "S", "ſ", "ß", "\n"], 9).join("");
            const ignoreCase = random.whole(2) === 0;
            const expected = toExpression(parts, ignoreCase ? "is" : "s").test(text);
            matched += expected ? 1 : 0;
            const shown = JSON.stringify({ parts, text, ignoreCase });
            assert.equal(compileWildcards(parts, { ignoreCase })(text), expected, shown);
        }
        assert.ok(matched > 1000);
    });

    const longest = 1024;
    const patterns = [
        "*a*a*a*a*a",
        "**a**b",
        "*a*a**a",
        `**${"?".repeat(1022)}`,
        `**${"a?".repeat(511)}`,
        `*${"a".repeat(500)}*${"a".repeat(500)}b`,
        `${"a?".repeat(250)}*${"?a".repeat(250)}*b`,
    ];
    for (const pattern of patterns) {
        it(`say within 5 ms whether the role pattern ${pattern.slice(0, 20)} takes the longest group`, () => {
            const parsed = parseGroupPattern(pattern);
            assert.ok("matches" in parsed);
            for (const group of [`${"a".repeat(longest - 1)}!`, "a".repeat(longest), `${"a.".repeat(511)}!`]) {
                assert.ok(fastest(() => parsed.matches(group)) < 5);
            }
        });
    }

    it("say within 5 ms whether a user event pattern of 50 stars takes the longest event", () => {
        for (const userEventPattern of ["*a".repeat(50), "**a".repeat(50), `${"*a".repeat(40)}**b`]) {
            const handler = prepareHandler({ urlTemplate: "", userEventPattern });
            for (const event of [`${"a".repeat(127)}!`, "a.".repeat(64)]) {
                assert.ok(fastest(() => handler.matches({ kind: "user", event })) < 5);
            }
        }
    });
});
