import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { createWorkbench, operations, type Workbench } from "../support/local";
import { startProgramHere } from "../support/programHere";

const program = `
import * as pulumi from "@pulumi/pulumi";

const config = new pulumi.Config();
const groupType = "azure-native:resources:ResourceGroup";

class Group extends pulumi.CustomResource {
    declare readonly location: pulumi.Output<string>;
    constructor(name: string, opts?: pulumi.CustomResourceOptions) {
        super(groupType, name, { location: undefined, resourceGroupName: name }, opts);
    }
}

class Pair extends pulumi.ComponentResource {
    readonly left: Group;
    constructor(name: string, opts: pulumi.ComponentResourceOptions) {
        super("fixture:index:Pair", name, {}, opts);
        this.left = new Group(name + "-left", { parent: this });
        this.registerOutputs({});
    }
}

const stack = new Group("stack");
module.exports = { stack: stack.location };
if (config.getBoolean("north")) {
    const settings = { location: "northeurope", subscriptionId: config.get("subscription") };
    const north = new pulumi.ProviderResource("azure-native", "north", settings);
    const own = new Group("own", { provider: north });
    const pair = new Pair("pair", { providers: [north] });
    Object.assign(module.exports, { own: own.location, left: pair.left.location });
}
`;

describe("an explicit provider", function () {
    this.timeout(60_000);
    let bench: Workbench;
    beforeEach(() => {
        bench = createWorkbench({ program: "random.ts", startProgram: startProgramHere });
        writeFileSync(join(bench.projectDir, "index.ts"), program);
    });
    afterEach(() => bench.close());

    const once = (values: Record<string, string>) =>
        bench.once({
            config: {
                "azure-native:location": "westeurope",
                ...Object.fromEntries(Object.entries(values).map(([key, value]) => [`fixture:${key}`, value] as const)),
            },
        });
    const warnings = () =>
        bench.events.flatMap((event) => (event.kind === "message" && event.level === "warning" ? [event.text] : []));

    it("gives its location to its own resources and to those of components, and is no resource in the report", async () => {
        const first = await once({ north: "true" });
        assert.deepEqual(first.outputs, { stack: "westeurope", own: "northeurope", left: "northeurope" });
        assert.deepEqual(operations(first), { stack: "created", own: "created", "pair-left": "created" });
        assert.deepEqual(operations(await once({})), { stack: "unchanged", "pair-left": "deleted", own: "deleted" });
        assert.deepEqual(warnings(), []);
    });

    it("is told to be alone with a subscription that the stack does not have", async () => {
        await once({ north: "true", subscription: "10ca1000-0000-4000-8000-000000000001" });
        assert.deepEqual(warnings(), []);
        await once({ north: "true", subscription: "11111111-0000-4000-8000-000000000001" });
        assert.deepEqual(warnings(), [
            "subscriptionId is 11111111-0000-4000-8000-000000000001, and the local Azure makes everything in " +
                "10ca1000-0000-4000-8000-000000000001. To use ids of another subscription, set " +
                "azure-native:subscriptionId in the stack's config.",
        ]);
    });
});
