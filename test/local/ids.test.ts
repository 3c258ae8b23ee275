import assert from "node:assert/strict";
import { buildId, parseId } from "../../local/azure/ids";
import { aliasUrns, buildUrn } from "../../local/engine/urn";

const place = { stack: "dev", project: "chat" };

describe("ids and URNs", () => {
    it("builds an ARM id and parses it", () => {
        const id = buildId({
            subscriptionId: "s",
            resourceGroup: "rg",
            type: "Microsoft.Storage/storageAccounts/blobServices/containers",
            names: ["account", "default", "packages"],
        });
        assert.equal(
            id,
            "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/account/blobServices/default/containers/packages",
        );
        assert.deepEqual(parseId(id), {
            subscription: "s",
            resourceGroup: "rg",
            type: "Microsoft.Storage/storageAccounts/blobServices/containers",
            name: "packages",
            names: ["account", "default", "packages"],
        });
    });

    it("reads the type of an extension resource from its own provider", () => {
        const id = `${buildId({ subscriptionId: "s", resourceGroup: "rg", type: "Microsoft.Web/sites", names: ["a"] })}/providers/Microsoft.Authorization/roleAssignments/r`;
        assert.deepEqual([parseId(id).type, parseId(id).name], ["Microsoft.Authorization/roleAssignments", "r"]);
    });

    it("qualifies a URN by its components, and not by the stack", () => {
        const root = buildUrn({ ...place, type: "pulumi:pulumi:Stack", name: "chat-dev" });
        const backend = buildUrn({ ...place, type: "my:index:Backend", name: "b", parent: root });
        const child = buildUrn({ ...place, type: "azure:web:App", name: "a", parent: backend });
        assert.equal(backend, "urn:pulumi:dev::chat::my:index:Backend::b");
        assert.equal(child, "urn:pulumi:dev::chat::my:index:Backend$azure:web:App::a");
    });

    it("follows aliases by name, type and parent, and those of a parent that was renamed", () => {
        const parent = buildUrn({ ...place, type: "my:index:Backend", name: "new" });
        const formerParent = buildUrn({ ...place, type: "my:index:Backend", name: "old" });
        assert.deepEqual(
            aliasUrns({
                ...place,
                type: "azure:web:App",
                name: "new-app",
                parent,
                formerParent,
                aliases: [{ name: "first" }, { type: "azure:web:Site" }, { noParent: true }, { urn: "urn:given" }],
            }),
            [
                "urn:pulumi:dev::chat::my:index:Backend$azure:web:App::first",
                "urn:pulumi:dev::chat::my:index:Backend$azure:web:Site::new-app",
                "urn:pulumi:dev::chat::azure:web:App::new-app",
                "urn:given",
                "urn:pulumi:dev::chat::my:index:Backend$azure:web:App::old-app",
            ],
        );
    });
});
