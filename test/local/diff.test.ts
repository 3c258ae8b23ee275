import assert from "node:assert/strict";
import { changedPaths, ignoreChanges, touches } from "../../local/engine/diff";

describe("differences between inputs", () => {
    for (const { before, after, changed } of [
        { before: { a: 1 }, after: { a: 1 }, changed: [] },
        { before: { a: null }, after: {}, changed: [] },
        {
            before: { sku: { name: "a", capacity: 1 } },
            after: { sku: { name: "b", capacity: 1 } },
            changed: ["sku.name"],
        },
        { before: { list: [{ url: "x" }, 2] }, after: { list: [{ url: "y" }, 2] }, changed: ["list[0].url"] },
        { before: { list: [1] }, after: { list: [1, 2] }, changed: ["list"] },
        { before: {}, after: { tags: { a: "b" } }, changed: ["tags"] },
    ]) {
        it(`of ${JSON.stringify(before)} and ${JSON.stringify(after)} are ${JSON.stringify(changed)}`, () =>
            assert.deepEqual(changedPaths({ before, after }), changed));
    }

    it("between two files depend on their content, not on their path", () => {
        const asset = (path: string, hash: string) => ({
            source: { "4dabf18193072939515e22adb298388d": "c44067f5952c0a294b673a41bacd8c17", path, hash },
        });
        assert.deepEqual(changedPaths({ before: asset("/a", "1"), after: asset("/b", "1") }), []);
        assert.deepEqual(changedPaths({ before: asset("/a", "1"), after: asset("/a", "2") }), ["source"]);
    });

    it("see names that every object inherits as names like others", () => {
        const named = (text: string) => JSON.parse(text);
        assert.deepEqual(changedPaths({ before: {}, after: named('{"constructor":{},"__proto__":1}') }).sort(), [
            "__proto__",
            "constructor",
        ]);
        const before = named('{"__proto__":{"polluted":1},"a":{"__proto__":{"polluted":1}},"constructor":"old"}');
        const paths = ["__proto__.polluted", "a.__proto__", "constructor", "constructor.prototype.x", "toString.x"];
        const kept = ignoreChanges({ before, after: named('{"a":{},"constructor":"new"}'), paths });
        assert.equal(JSON.stringify(kept), '{"a":{"__proto__":{"polluted":1}},"constructor":"old"}');
        assert.ok(!("polluted" in {}));
    });

    for (const { changed, names, expected } of [
        { changed: ["sku.name"], names: ["sku"], expected: true },
        { changed: ["sku"], names: ["sku.name"], expected: true },
        { changed: ["skuName"], names: ["sku"], expected: false },
        { changed: ["list[0].url"], names: ["list"], expected: true },
        { changed: ["anything"], names: ["*"], expected: true },
        { changed: [], names: ["*"], expected: false },
    ]) {
        it(`${JSON.stringify(changed)} ${expected ? "touch" : "do not touch"} ${JSON.stringify(names)}`, () =>
            assert.equal(touches(changed, names), expected));
    }

    it("are undone where a resource ignores them", () => {
        const before = { tags: { a: "1", b: "2" }, list: [{ x: 1 }], gone: true };
        const after = { tags: { a: "9", b: "9" }, list: [{ x: 9 }], fresh: true };
        assert.deepEqual(ignoreChanges({ before, after, paths: ["tags.a", "list[0].x", "gone", "fresh"] }), {
            tags: { a: "1", b: "9" },
            list: [{ x: 1 }],
            gone: true,
        });
        assert.deepEqual(ignoreChanges({ before, after, paths: ["*"] }), before);
    });
});
