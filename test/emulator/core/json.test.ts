import assert from "node:assert/strict";
import { JsonDepthError, parseJson } from "../../../emulator/core/json";

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
