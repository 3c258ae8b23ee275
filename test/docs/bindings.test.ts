import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { bindingsFile, bindingsPage } from "../../docs/generate/bindings";
import { extensions } from "../../emulator/functions/host/extensions";
import { bindingOf, bindingTable } from "../../rules/bindingTable";

describe("docs/bindings.md", () => {
    it("matches the list", () => {
        assert.equal(readFileSync(bindingsFile, "utf8"), bindingsPage(), "update it with npm run docs");
    });

    it("says of exactly those bindings that they work which the local Functions host has", () => {
        const works = bindingTable.filter(({ refused }) => refused === undefined).flatMap(({ types }) => types);
        const known = extensions.flatMap(({ types }) => types);
        assert.deepEqual(works.map((type) => type.toLowerCase()).sort(), [...known].sort());
    });

    it("names the bundles that the local Functions host takes each binding from", () => {
        for (const { types, bundles, bundlesSince = {} } of extensions) {
            for (const type of types) {
                const origin = bindingOf(type)?.origin;
                const listed = origin === "host" ? undefined : origin?.map(({ id, since }) => [id, since]);
                const taken = bundles?.map((id) => [id, bundlesSince[id]]);
                assert.deepEqual(listed?.sort(), taken && [...taken].sort(), type);
            }
        }
    });

    it("names each binding once, and a reason for each that is refused", () => {
        const types = bindingTable.flatMap((entry) => entry.types.map((type) => type.toLowerCase()));
        assert.equal(new Set(types).size, types.length);
        assert.ok(types.length > 70, `only ${types.length}`);
        for (const { refused, service } of bindingTable) {
            assert.ok(refused === undefined || /^[A-Z].*\.$/.test(refused), service);
        }
    });
});
