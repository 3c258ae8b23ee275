import assert from "node:assert/strict";
import type { Handler } from "../../local/engine/handler";
import { type Properties, unknownValue } from "../../local/engine/values";
import { compare } from "../../local/plugin/server/difference";

const handler = { replaceOn: ["name", "location", "sku.family"] } as Handler;

function differenceOf(before: Properties, after: Properties, ids = { before: "/a", after: "/b" }) {
    const { changes, deleteFirst } = compare({ handler, before, after, ids });
    return { changes: Object.fromEntries(changes), deleteFirst };
}

describe("differences of a resource", () => {
    for (const { title, before, after, changes } of [
        {
            title: "nothing when nothing changed",
            before: { name: "n", a: [1] },
            after: { name: "n", a: [1] },
            changes: {},
        },
        {
            title: "an update at the path that changed",
            before: { sku: { name: "F1", capacity: 1 } },
            after: { sku: { name: "S1", capacity: 1 } },
            changes: { "sku.name": { kind: "update", replaces: false } },
        },
        {
            title: "added and removed inputs",
            before: { tags: { one: "1" } },
            after: { tags: { two: "2" } },
            changes: { "tags.one": { kind: "delete", replaces: false }, "tags.two": { kind: "add", replaces: false } },
        },
        {
            title: "a replacement for a name",
            before: { name: "n" },
            after: { name: "m" },
            changes: { name: { kind: "update", replaces: true } },
        },
        {
            title: "a replacement for an unknown name",
            before: { name: "n" },
            after: { name: unknownValue },
            changes: { name: { kind: "update", replaces: true } },
        },
        {
            title: "a replacement for a part of an input",
            before: { sku: { family: "A", name: "x" } },
            after: { sku: { family: "B", name: "y" } },
            changes: {
                "sku.family": { kind: "update", replaces: true },
                "sku.name": { kind: "update", replaces: false },
            },
        },
        {
            title: "an element of a list",
            before: { handlers: [{ url: "a" }, { url: "b" }] },
            after: { handlers: [{ url: "a" }, { url: "c" }] },
            changes: { "handlers[1].url": { kind: "update", replaces: false } },
        },
        {
            title: "the whole input for a key that contains a dot",
            before: { criteria: { "odata.type": "one" } },
            after: { criteria: { "odata.type": "two" } },
            changes: { criteria: { kind: "update", replaces: false } },
        },
    ]) {
        it(`are ${title}`, () => assert.deepEqual(differenceOf(before, after).changes, changes));
    }

    it("ask for deletion first when the new resource would have the old one's id", () => {
        const ids = { before: "/Groups/a", after: "/groups/A" };
        assert.equal(differenceOf({ location: "a" }, { location: "b" }, ids).deleteFirst, true);
        assert.equal(differenceOf({ location: "a" }, { location: "b" }).deleteFirst, false);
        assert.equal(differenceOf({ tags: "a" }, { tags: "b" }, ids).deleteFirst, false);
    });
});
