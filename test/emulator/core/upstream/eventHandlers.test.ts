import assert from "node:assert/strict";
import { findHandler, prepareHandler } from "../../../../emulator/core/upstream/eventHandlers";

describe("event handler matching", () => {
    const users: [pattern: string | undefined, event: string, expected: boolean][] = [
        ["*", "room.message", true],
        ["*", "new message", true],
        ["join, ROOM.*", "room.message", true],
        ["room.*", "room.message.more", false],
        ["room.**", "room.message.more", true],
        ["room.?", "room.a", true],
        ["room.?", "room..", false],
        ["CONNECTED", "connected", true],
        ["a,b", "b", true],
        ["a,b", "c", false],
        ["a+b", "aab", false],
        ["", "a", false],
        [undefined, "room.message", false],
    ];
    for (const [userEventPattern, event, expected] of users) {
        it(`${expected ? "sends" : "does not send"} ${event} to the pattern ${userEventPattern ?? "(none)"}`, () => {
            const handler = prepareHandler({ urlTemplate: "http://localhost", userEventPattern });
            assert.equal(handler.matches({ kind: "user", event }), expected);
        });
    }

    it("does not let a user event named like a system event reach systemEvents", () => {
        const handler = prepareHandler({ urlTemplate: "http://localhost", systemEvents: ["connect"] });
        assert.equal(handler.matches({ kind: "system", event: "connect" }), true);
        assert.equal(handler.matches({ kind: "user", event: "connect" }), false);
        assert.equal(handler.matches({ kind: "system", event: "connected" }), false);
    });

    it("gives an event to the first handler that matches", () => {
        const handlers = ["a", "*", "b"].map((userEventPattern) =>
            prepareHandler({ urlTemplate: userEventPattern, userEventPattern }),
        );
        assert.equal(findHandler(handlers, { kind: "user", event: "b" })?.handler.urlTemplate, "*");
        assert.equal(findHandler(handlers, { kind: "user", event: "a" })?.handler.urlTemplate, "a");
    });
});
