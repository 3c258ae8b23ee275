import assert from "node:assert/strict";
import { patternRule } from "../../../components/shared/eventTargets";

describe("hubs", () => {
    it("select user events by name or all of them", () => {
        assert.deepEqual(["*", "a", "new message,b"].map(patternRule("event")), [undefined, undefined, undefined]);
        assert.match(patternRule("event")("a,,b") ?? "", /is not a pattern/);
        assert.match(patternRule("event")("") ?? "", /is not a pattern/);
    });
});
