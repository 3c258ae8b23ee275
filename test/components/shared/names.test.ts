import assert from "node:assert/strict";
import fc from "fast-check";
import { fitName, globalName, type NamedThing, nameRule } from "../../../components/shared/names";

const good: [NamedThing, string][] = [
    ["service", "abc"],
    ["service", `a${"b".repeat(62)}`],
    ["hub", "h"],
    ["hub", "Chat_2"],
    ["functionApp", "a1"],
    ["storageAccount", "abc"],
    ["storageAccount", "a".repeat(24)],
    ["vault", "my-vault-1"],
    ["resourceGroup", "Gruppe_(1).ä"],
    ["connection", "MyConnection"],
    ["role", "key-store"],
];

const bad: [NamedThing, string][] = [
    ["service", "ab"],
    ["service", "1abc"],
    ["service", "abc-"],
    ["service", "a_bc"],
    ["hub", "1hub"],
    ["hub", "my-hub"],
    ["hub", ""],
    ["functionApp", "-app"],
    ["functionApp", "a".repeat(61)],
    ["storageAccount", "Upper"],
    ["storageAccount", "ab"],
    ["vault", "my--vault"],
    ["vault", "1vault"],
    ["vault", "vault-"],
    ["resourceGroup", "group."],
    ["connection", "my-connection"],
    ["role", "Key Store"],
];

describe("names", () => {
    for (const [thing, name] of good) {
        it(`takes ${name} for a ${thing}`, () => assert.equal(nameRule(thing)(name), undefined));
    }
    for (const [thing, name] of bad) {
        it(`refuses "${name.slice(0, 20)}" for a ${thing}`, () =>
            assert.match(nameRule(thing)(name) ?? "", /is not a valid name/));
    }

    it("reports the length of a name that is too long, and the allowed length", () => {
        assert.equal(
            nameRule("vault")("a".repeat(25)),
            `"${"a".repeat(25)}", 25 characters, is not a valid name. Allowed: 3-24 letters, digits and single hyphens, a letter first, no hyphen last.`,
        );
    });

    it("turns any component name into a global name that Azure accepts", () => {
        const suffix = fc.stringMatching(/^[a-z0-9]{6}$/);
        fc.assert(
            fc.property(fc.string(), suffix, (base, random) => {
                assert.equal(nameRule("service")(globalName({ base, suffix: random, max: 63 })), undefined);
                assert.equal(nameRule("vault")(globalName({ base, suffix: random, max: 24 })), undefined);
                assert.equal(nameRule("functionApp")(globalName({ base, suffix: random, max: 60 })), undefined);
                const account = globalName({ base, suffix: random, max: 24, compact: true });
                assert.equal(nameRule("storageAccount")(account), undefined);
            }),
        );
    });

    it("keeps the random part whole when the base is cut", () => {
        assert.equal(
            globalName({ base: "a-long-component-name-here", suffix: "x1y2z3", max: 24 }),
            "a-long-component-x1y2z3",
        );
        assert.equal(globalName({ base: "My Chat", suffix: "x1y2z3", max: 24, compact: true }), "mychatx1y2z3");
        assert.equal(globalName({ base: "123", suffix: "x1y2z3", max: 24 }), "app-x1y2z3");
    });

    it("cuts a name without leaving a hyphen at its end", () => {
        assert.equal(fitName("short", 10), "short");
        assert.equal(fitName("name-and-more", 5), "name");
    });
});
