import assert from "node:assert/strict";
import type { Handler, Made } from "../../local/engine/handler";
import type { Properties } from "../../local/engine/values";
import { createFakeEmulator } from "../support/fakeEmulator";
import { createTestAzure } from "../support/local";

// Source: learn, azure-resource-manager/management/lock-resources: a lock counts for all that lies in its scope, a CanNotDelete lock
// forbids deletions, a ReadOnly lock changes too, and data planes know no locks.

const resourceGroupName = "g";
const hubProperties = { eventHandlers: [] };

describe("a lock in the local Azure", () => {
    async function build(level: string) {
        const azure = createTestAzure(createFakeEmulator());
        await azure.make("resources:ResourceGroup", { resourceGroupName });
        const service = await azure.make("webpubsub:WebPubSub", {
            resourceGroupName,
            resourceName: "chat",
            sku: { name: "Standard_S1", tier: "Standard", capacity: 1 },
            identity: { type: "SystemAssigned" },
        });
        const place = { resourceGroupName, resourceName: "chat", hubName: "hub" };
        const hub = await azure.make("webpubsub:WebPubSubHub", { ...place, properties: hubProperties });
        const lock = await azure.make("authorization:ManagementLockByScope", {
            scope: service.id.toUpperCase().replace("/PROVIDERS/", "/providers/"),
            lockName: "keep",
            level,
        });
        const remove = (type: string, { inputs, ...made }: Made & { inputs: Properties }) => {
            const handler: Handler = azure.find(type);
            return handler.remove({ world: azure.world, made: { keep: {}, ...made }, inputs });
        };
        return { azure, service, hub, lock, place, remove };
    }

    it("keeps its resource and what lies in it, until it is gone", async () => {
        const { service, hub, lock, remove } = await build("CanNotDelete");
        const locked = /Status=409 Code="ScopeLocked" .*cannot perform delete operation.*locks\/keep/;
        await assert.rejects(remove("webpubsub:WebPubSubHub", hub), locked);
        await assert.rejects(remove("webpubsub:WebPubSub", service), locked);
        await remove("authorization:ManagementLockByScope", lock);
        await remove("webpubsub:WebPubSubHub", hub);
        await remove("webpubsub:WebPubSub", service);
    });

    it("allows changes and new parts, unless it is ReadOnly", async () => {
        const free = await build("CanNotDelete");
        await free.azure.make("webpubsub:WebPubSubHub", { ...free.place, hubName: "new", properties: hubProperties });
        const closed = await build("ReadOnly");
        const more = { ...closed.place, hubName: "new", properties: hubProperties };
        await assert.rejects(closed.azure.make("webpubsub:WebPubSubHub", more), /ScopeLocked.*cannot perform write/);
    });

    it("does not reach a resource whose name only begins like the locked one's", async () => {
        const { azure, remove } = await build("CanNotDelete");
        const other = await azure.make("webpubsub:WebPubSub", {
            resourceGroupName,
            resourceName: "chat2",
            sku: { name: "Standard_S1", tier: "Standard", capacity: 1 },
        });
        await remove("webpubsub:WebPubSub", other);
    });

    it("on a resource group keeps everything in the group", async () => {
        const { azure, hub, lock, remove } = await build("CanNotDelete");
        await remove("authorization:ManagementLockByScope", lock);
        await azure.make("authorization:ManagementLockAtResourceGroupLevel", {
            resourceGroupName,
            lockName: "all",
            level: "CanNotDelete",
        });
        await assert.rejects(remove("webpubsub:WebPubSubHub", hub), /ScopeLocked/);
    });
});
