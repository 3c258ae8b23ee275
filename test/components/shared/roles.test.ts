import assert from "node:assert/strict";
import { roleAssignmentName } from "../../../components/shared/roles";

describe("the name of a role assignment", () => {
    const scope = "/subscriptions/S/resourceGroups/g/providers/Microsoft.Web/sites/a";
    const name = roleAssignmentName([scope, "principal", "role"]);

    it("is a GUID of version 5", () => {
        assert.match(name, /^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    });

    it("is the same for the same sentence, whatever the letter case of the scope", () => {
        assert.equal(roleAssignmentName([scope.toUpperCase(), "principal", "role"]), name);
    });

    it("is another one for another scope, principal or role", () => {
        const others = [
            roleAssignmentName([`${scope}b`, "principal", "role"]),
            roleAssignmentName([scope, "other", "role"]),
            roleAssignmentName([scope, "principal", "other"]),
        ];
        assert.equal(new Set([name, ...others]).size, 4);
    });

    // A constant of this test: a change of the rule would replace every assignment that somebody has.
    it("stays what it is", () => {
        assert.equal(name, "7672ed53-8e7e-5836-8cf4-4b3ccf410bd7");
    });
});
