import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { createWorkbench, operations, type Workbench } from "../support/local";
import { startProgramHere } from "../support/programHere";

const program = `
import * as pulumi from "@pulumi/pulumi";

const group = new pulumi.CustomResource("azure-native:resources:ResourceGroup", "group", {
    resourceGroupName: "group",
    location: "westeurope",
});
const inputs = {
    resourceGroupName: "group",
    virtualNetworkName: "it",
    addressSpace: { addressPrefixes: ["10.0.0.0/16"] },
};
const network = new pulumi.CustomResource("azure-native:network:VirtualNetwork", "it", inputs, { dependsOn: group });
module.exports = {
    config: pulumi.runtime.invokeOutput("azure-native:authorization:getClientConfig", {}),
    id: network.id,
};
`;

const own = "20ca1000-0000-4000-8000-00000000000";
const variables = ["ARM_SUBSCRIPTION_ID", "ARM_TENANT_ID", "ARM_CLIENT_ID"] as const;

// `getConfig` of provider/pkg/provider/auth.go of pulumi/pulumi-azure-native: the config first, and then the environment.
describe("the client's config", function () {
    this.timeout(60_000);
    let bench: Workbench;
    const before = new Map(variables.map((name) => [name, process.env[name]]));
    const restore = () => {
        for (const [name, value] of before) {
            value === undefined ? delete process.env[name] : Object.assign(process.env, { [name]: value });
        }
    };

    beforeEach(() => {
        for (const name of variables) {
            delete process.env[name];
        }
        bench = createWorkbench({ program: "random.ts", startProgram: startProgramHere });
        writeFileSync(join(bench.projectDir, "index.ts"), program);
    });
    afterEach(async () => {
        restore();
        await bench.close();
    });

    async function told(config: Record<string, string> = {}) {
        const { outputs } = await bench.once({ config });
        const { subscriptionId, tenantId, clientId } = outputs.config as Record<string, string>;
        assert.equal(String(outputs.id).split("/")[2], subscriptionId);
        return [subscriptionId, tenantId, clientId];
    }
    const locals = ["1", "2", "c"].map((end) => `10ca1000-0000-4000-8000-00000000000${end}`);

    it("is that of the local Azure where nobody gives one", async () => {
        Object.assign(process.env, { ARM_SUBSCRIPTION_ID: "", ARM_TENANT_ID: "" });
        assert.deepEqual(await told(), locals);
    });

    it("is the environment's", async () => {
        for (const [index, name] of variables.entries()) {
            process.env[name] = `${own}${index}`;
        }
        assert.deepEqual(await told(), [`${own}0`, `${own}1`, `${own}2`]);
    });

    it("is the stack's, which wins over the environment's", async () => {
        for (const name of variables) {
            process.env[name] = `${own}9`;
        }
        const names = ["subscriptionId", "tenantId", "clientId"];
        const config = Object.fromEntries(names.map((name, index) => [`azure-native:${name}`, `${own}${index}`]));
        assert.deepEqual(await told(config), [`${own}0`, `${own}1`, `${own}2`]);
    });

    it("may change between two runs, which replaces what is in the other subscription", async () => {
        await told();
        process.env.ARM_SUBSCRIPTION_ID = `${own}5`;
        assert.deepEqual(operations(await bench.once({ preview: true })), { group: "replaced", it: "replaced" });
        const again = await bench.once();
        assert.equal(again.steps.find(({ name }) => name === "group")?.reason, "its subscription changed");
        assert.deepEqual(operations(await bench.once()), { group: "unchanged", it: "unchanged" });
        assert.match(String(again.outputs.id), new RegExp(`^/subscriptions/${own}5/`));
    });
});
