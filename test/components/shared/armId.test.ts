import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { armIdRule, parseArmId, placeOf, roleDefinitionIdAt } from "../../../components/shared/armId";
import { failureOf, known, runProgram } from "../../support/pulumi";

const identityId = "/subscriptions/s/resourceGroups/g/providers/Microsoft.ManagedIdentity/userAssignedIdentities/i";

describe("Azure ids", () => {
    it("are split into their parts", () => {
        assert.deepEqual(parseArmId(identityId), {
            subscriptionId: "s",
            resourceGroupName: "g",
            type: "Microsoft.ManagedIdentity/userAssignedIdentities",
            name: "i",
            names: ["i"],
        });
    });

    it("of another type, and texts that are no ids, are refused with the expected form", () => {
        const rule = armIdRule("Microsoft.Web/serverfarms");
        assert.match(
            rule(identityId) ?? "",
            /is not the id of a Microsoft.Web\/serverfarms\. Allowed: \/subscriptions\//,
        );
        assert.match(rule("my-plan") ?? "", /^"my-plan" is not the id/);
        assert.equal(armIdRule("microsoft.managedidentity/USERASSIGNEDIDENTITIES")(identityId), undefined);
    });

    it("of a role are in the subscription of its scope", () => {
        assert.equal(
            roleDefinitionIdAt({ scope: identityId, role: "guid" }),
            "/subscriptions/s/providers/Microsoft.Authorization/roleDefinitions/guid",
        );
    });

    it("of a child resource name every resource above it", () => {
        const id = "/subscriptions/s/resourceGroups/g/providers/Microsoft.EventHub/namespaces/n/eventhubs/e";
        const parsed = parseArmId(id);
        assert.equal(parsed?.type, "Microsoft.EventHub/namespaces/eventhubs");
        assert.deepEqual(parsed?.names, ["n", "e"]);
        assert.equal(parseArmId(`${id}/`), undefined);
    });

    it("of existing resources lead to resource group and name, in the provider's subscription only", async () => {
        const own = identityId.replace("/s/", "/11111111-2222-3333-4444-555555555555/");
        const run = await runProgram(() => placeOf("thingId", pulumi.output(own), {}));
        assert.equal(await known(run.result.resourceGroupName), "g");
        assert.equal(await known(run.result.name), "i");
        const error = await failureOf(() => runProgram(() => placeOf("thingId", identityId, {})));
        assert.equal(
            error.message,
            "thingId: the resource is in subscription s, and the provider looks in 11111111-2222-3333-4444-555555555555. " +
                "Give the component a provider of that subscription (the option `providers`), or a resource in this one.",
        );
    });
});
