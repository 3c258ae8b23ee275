import assert from "node:assert/strict";
import { backends, codePaths } from "../../support/backend";
import { plain, runProgram } from "../../support/pulumi";
import { refusalOf } from "../../support/refusals";

for (const { Backend, extension } of backends) {
    const isSignalR = extension === "signalr";
    const make = (args: object) => new Backend("chat", { codePath: codePaths[extension], ...args } as never);
    const run = (args: object, options = {}) => runProgram(() => make(args), options);

    describe(`${Backend.name} with a naming scheme`, () => {
        const naming = { template: "{kind}-{name}-{environment}-{suffix}", name: "acme", environment: "prod" };

        it("names every resource by it", async () => {
            const made = await run({ naming });
            const names = (type: string, path: string) =>
                made.resources
                    .filter((one) => one.type === `azure-native:${type}`)
                    .map((one) => plain(one, path))
                    .sort();
            assert.deepEqual(names("resources:ResourceGroup", "resourceGroupName"), ["rg-acme-prod-abc123"]);
            assert.deepEqual(names("web:WebApp", "name"), ["func-acme-prod-abc123"]);
            assert.deepEqual(names("web:AppServicePlan", "name"), ["asp-acme-prod-abc123"]);
            assert.deepEqual(names("storage:StorageAccount", "accountName"), [
                "stacmeprodabc123",
                "stcodeacmeprodabc123",
            ]);
            assert.deepEqual(names("keyvault:Vault", "vaultName"), ["kv-acme-prod-abc123"]);
            assert.deepEqual(names("managedidentity:UserAssignedIdentity", "resourceName"), [
                "idapp-acme-prod-abc123",
                "idsvc-acme-prod-abc123",
            ]);
            assert.deepEqual(names("operationalinsights:Workspace", "workspaceName"), ["log-acme-prod-abc123"]);
            assert.deepEqual(names("applicationinsights:Component", "resourceName"), ["appi-acme-prod-abc123"]);
            const service = isSignalR ? "signalrservice:SignalR" : "webpubsub:WebPubSub";
            assert.deepEqual(names(service, "resourceName"), [`${isSignalR ? "sigr" : "wps"}-acme-prod-abc123`]);
        });

        it("lets an argument win over it", async () => {
            const made = await run({ naming, vaultName: "our-vault" });
            assert.equal(plain(made.find("azure-native:keyvault:Vault"), "vaultName"), "our-vault");
        });

        for (const [args, expected] of [
            [{ ...naming, template: "{name}-{suffix}" }, /naming\.template: .* lacks \{kind\} or \{name\}/],
            [
                { ...naming, template: "{kind}-{name}-{region}" },
                /naming\.template: .* has "\{region\}"\. Allowed: \{kind\}/,
            ],
            [{ ...naming, template: "{kind} {name}" }, /naming\.template: .* has other characters/],
            [{ ...naming, environment: undefined }, /naming\.environment: it is missing/],
            [
                { ...naming, name: "a-very-long-product-name" },
                /naming\.template: for the vault it makes a name that Azure refuses: .* 3-24 letters/,
            ],
            [
                { ...naming, template: "{kind}_{name}", environment: undefined },
                /naming\.template: for the Function App it makes .*"func_acme"/,
            ],
        ] as const) {
            it(`refuses ${JSON.stringify(args)}`, async () => {
                assert.match(await refusalOf(() => make({ naming: args })), expected);
            });
        }

        it("does not ask a name that is given or a resource that exists already", async () => {
            const long = { ...naming, name: "quite-long-name" };
            assert.match(await refusalOf(() => make({ naming: long })), /for the vault/);
            await run({ naming: long, vaultName: "short", storageAccountName: "short1", packageAccountName: "short2" });
        });
    });
}
