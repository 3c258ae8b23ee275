import assert from "node:assert/strict";
import { ConnectionGroups } from "../../../emulator/socketio/groups";
import { namespaceGroup, roomGroup } from "../../../emulator/socketio/protocol";

describe("the groups of a Socket.IO connection", () => {
    for (const count of [3, 500]) {
        it(`are found by their namespace among those of ${count} namespaces`, () => {
            const groups = new ConnectionGroups();
            const names = Array.from({ length: count }, (_, index) => `/${index}`);
            for (const name of names) {
                groups.add(namespaceGroup(name)).add(roomGroup(name, "a"));
            }
            assert.deepEqual(groups.take(namespaceGroup("/1")), [namespaceGroup("/1"), roomGroup("/1", "a")]);
            assert.deepEqual(groups.take(namespaceGroup("/1")), []);
            groups.add(namespaceGroup("/1")).add(roomGroup("/2", "b"));
            groups.delete(roomGroup("/2", "a"));
            assert.deepEqual(groups.take(namespaceGroup("/2")), [namespaceGroup("/2"), roomGroup("/2", "b")]);
            assert.deepEqual(groups.take(namespaceGroup("/1")), [namespaceGroup("/1")]);
            assert.equal(groups.size, 2 * (count - 2));
        });
    }

    it("of one namespace take no longer to remove when there are many others", () => {
        const count = 30_000;
        const groups = new ConnectionGroups();
        for (let index = 0; index < count; index++) {
            groups.add(namespaceGroup(`/${index}`)).add(roomGroup(`/${index}`, "a"));
        }
        const began = performance.now();
        for (let index = 0; index < count; index++) {
            groups.take(namespaceGroup(`/${index}`));
        }
        // With a look at all groups for each namespace this takes more than ten seconds.
        assert.ok(performance.now() - began < 2000);
        assert.equal(groups.size, 0);
    });
});
