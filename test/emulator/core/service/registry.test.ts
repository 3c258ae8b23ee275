import assert from "node:assert/strict";
import { compileFilter } from "../../../../emulator/core/filter/filter";
import { createRegistry, type Member } from "../../../../emulator/core/service/registry";

function member(connectionId: string, userId?: string): Member {
    return { connectionId, userId, groups: new Set() };
}

describe("connection registry", () => {
    it("finds a member by id, user and group until it is removed", () => {
        const registry = createRegistry<Member>();
        const ann = member("c1", "ann");
        registry.add(ann);
        registry.join(ann, "room");
        assert.deepEqual([registry.get("c1"), ...registry.ofUser("ann"), ...registry.inGroup("room")], [ann, ann, ann]);
        registry.remove(ann);
        assert.equal(registry.get("c1"), undefined);
        assert.equal(registry.ofUser("ann").size + registry.inGroup("room").size + registry.size, 0);
    });

    it("does not let a removed member join a group", () => {
        const registry = createRegistry<Member>();
        const ann = member("c1");
        registry.add(ann);
        registry.remove(ann);
        registry.join(ann, "room");
        assert.equal(registry.inGroup("room").size, 0);
    });

    it("selects each member once, by filter and without the excluded ones", () => {
        const registry = createRegistry<Member>();
        const [a, b, c] = ["a", "b", "c"].map((id) => member(id)) as [Member, Member, Member];
        for (const one of [a, b, c]) {
            registry.add(one);
        }
        registry.join(a, "g1");
        registry.join(a, "g2");
        registry.join(b, "g2");
        const filter = compileFilter("'g1' in groups or 'g2' in groups");
        assert.deepEqual(registry.select({ filter }).sort(byId), [a, b]);
        assert.deepEqual(registry.select({ filter, excluded: ["a"] }), [b]);
        assert.deepEqual(
            registry.select({ from: registry.inGroup("g1"), filter: compileFilter("not ('g2' in groups)") }),
            [],
        );
        assert.deepEqual(registry.select({}), [a, b, c]);
    });
});

function byId(a: Member, b: Member): number {
    return a.connectionId.localeCompare(b.connectionId);
}
