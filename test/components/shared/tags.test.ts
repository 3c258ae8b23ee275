import assert from "node:assert/strict";
import { tagsRule } from "../../../components/shared/tags";

describe("tags", () => {
    it("stay within Azure's limits", () => {
        assert.equal(tagsRule({ team: "chat" }), undefined);
        assert.match(tagsRule({ "a/b": "x" }) ?? "", /"a\/b" is not a valid tag name/);
        assert.match(tagsRule({ team: "x".repeat(257) }) ?? "", /the value of tag "team" is too long/);
        const many = Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`tag${index}`, ""]));
        assert.match(tagsRule(many) ?? "", /51 tags are too many/);
    });
});
