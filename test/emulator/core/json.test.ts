import assert from "node:assert/strict";
import { JsonDepthError, parseJson, rawMembers } from "../../../emulator/core/json";

const nested = (depth: number): string => "[".repeat(depth) + "]".repeat(depth);

describe("JSON of strangers", () => {
    it("may be 64 levels deep, as .NET reads it", () => {
        assert.ok(Array.isArray(parseJson(nested(64))));
        for (const depth of [65, 3000, 500_000]) {
            assert.throws(() => parseJson(nested(depth)), JsonDepthError);
            assert.throws(() => parseJson("[".repeat(depth)), JsonDepthError);
            assert.throws(() => parseJson('{"a":'.repeat(depth)), JsonDepthError);
        }
    });

    it("may hold brackets in texts, and many values side by side", () => {
        const texts = ["[".repeat(100), `"${"[".repeat(100)}`, `\\"${"{".repeat(100)}\\`, "\\".repeat(99)];
        assert.deepEqual(parseJson(JSON.stringify(texts)), texts);
        const many = Array.from({ length: 1000 }, () => [{}]);
        assert.deepEqual(parseJson(JSON.stringify(many)), many);
    });

    it("is still refused with SyntaxError when it is no JSON", () => {
        for (const text of ["", "{", '"', `"${"\\".repeat(100)}`, "]".repeat(100), `${"]".repeat(100)}${nested(65)}`]) {
            assert.throws(() => parseJson(text), SyntaxError);
        }
    });
});

describe("the members of a JSON object as they were written", () => {
    for (const [text, members] of [
        ["{}", []],
        [
            ' { "a" : 1.0 ,"b":[1,{"c":2}] } ',
            [
                ["a", "1.0"],
                ["b", '[1,{"c":2}]'],
            ],
        ],
        [
            '{"a":"}\\",","b":"\\\\"}',
            [
                ["a", '"}\\","'],
                ["b", '"\\\\"'],
            ],
        ],
        ['{"a":1,"a":2,"\\u0061":{"a":3}}', [["a", '{"a":3}']]],
        [
            '{"__proto__":1e400,"":"","x,:":":,"}',
            [
                ["__proto__", "1e400"],
                ["", '""'],
                ["x,:", '":,"'],
            ],
        ],
        [
            '{"a":{"b":[{"c":"d"}],"e":{}},"f":null}',
            [
                ["a", '{"b":[{"c":"d"}],"e":{}}'],
                ["f", "null"],
            ],
        ],
    ] as [string, [string, string][]][]) {
        it(`are found in ${text}`, () => {
            JSON.parse(text);
            assert.deepEqual([...rawMembers(text)], members);
        });
    }

    it("are found in a large text, and after a million backslashes", () => {
        const data = JSON.stringify(Array.from({ length: 50_000 }, () => ({ a: '\\"' })));
        assert.equal(rawMembers(`{"x":1,"data":${data}}`).get("data"), data);
        assert.equal(rawMembers(`{"data":"${"\\\\".repeat(500_000)}"}`).get("data")?.length, 1_000_002);
    });
});
