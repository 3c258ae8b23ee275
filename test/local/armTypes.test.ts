import assert from "node:assert/strict";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { armSegments, namespaceOf } from "../../local/engine/armTypes";
import { recordUnknown } from "../../local/engine/unknownType";

type Inputs = Parameters<ReturnType<typeof recordUnknown>["planned"]>[0];

const sdk = dirname(require.resolve("@pulumi/azure-native/package.json"));
const modules = readdirSync(sdk).filter((name) => statSync(join(sdk, name)).isDirectory());
const settings = { subscriptionId: "sub", tenantId: "tenant" };

function idOf(type: string, inputs: Inputs): string {
    const handler = recordUnknown(`azure-native:${type}`);
    const checked = handler.check({
        logicalName: "it",
        inputs: { resourceGroupName: "rg", ...inputs },
        preview: false,
        settings,
    });
    return handler.id({ inputs: checked, settings });
}

describe("the ids of recorded resources of azure-native", () => {
    it("have the namespace that the SDK gives as the old name of a module", () => {
        const wrong = modules.flatMap((module) => {
            const files = readdirSync(join(sdk, module)).filter((name) => /^(?!get|list|index).*\.js$/.test(name));
            const text = files.slice(0, 8).map((name) => readFileSync(join(sdk, module, name), "utf8"));
            const names = text.join("").matchAll(/type: "azure-native:([a-z0-9]+)(?:\/v\w+)?:/g);
            const old = [...new Set([...names].map(([, name]) => name))].filter((name) => name !== module);
            const own = namespaceOf(module).toLowerCase();
            return old.length === 0 || old.some((name) => own === `microsoft.${name}`) ? [] : [`${module} was ${old}`];
        });
        assert.deepEqual(wrong, []);
    });

    it("differ from a module that is not renamed in capitals only", () => {
        const others = modules.filter((module) => namespaceOf(module).toLowerCase() !== `microsoft.${module}`);
        assert.deepEqual(others, [
            ...[
                "applicationinsights",
                "cloudngfw",
                "cosmosdb",
                "deviceprovisioningservices",
                "dns",
                "dnsresolver",
                "frontdoor",
            ],
            ...[
                "iothub",
                "mongocluster",
                "monitor",
                "privatedns",
                "redis",
                "redisenterprise",
                "trafficmanager",
                "webpubsub",
            ],
        ]);
    });

    it("name types and inputs that the SDK has", () => {
        for (const [type, path] of armSegments) {
            const [module = "", kind = ""] = type.split(":");
            // The SDK has AFDEndpoint in afdendpoint.js.
            const name = readdirSync(join(sdk, module)).find((one) => one.toLowerCase() === `${kind.toLowerCase()}.js`);
            assert.ok(name, type);
            const file = join(sdk, module, name);
            for (const [, input] of path.matchAll(/\{(\w+)\}/g)) {
                assert.ok(readFileSync(file, "utf8").includes(`resourceInputs["${input}"]`), `${type} has no ${input}`);
            }
        }
    });

    // From the reference of Azure's resource types, learn.microsoft.com/azure/templates.
    for (const [type, inputs, path] of [
        ["cosmosdb:DatabaseAccount", { accountName: "a" }, "Microsoft.DocumentDB/databaseAccounts/a"],
        ["documentdb/v20240815:DatabaseAccount", { accountName: "a" }, "Microsoft.DocumentDB/databaseAccounts/a"],
        [
            "cosmosdb:SqlResourceSqlContainer",
            { accountName: "a", databaseName: "d", containerName: "c" },
            "Microsoft.DocumentDB/databaseAccounts/a/sqlDatabases/d/containers/c",
        ],
        ["sql:Server", { serverName: "s" }, "Microsoft.Sql/servers/s"],
        ["sql:Database", { serverName: "s", databaseName: "d" }, "Microsoft.Sql/servers/s/databases/d"],
        ["sql:FirewallRule", { serverName: "s", firewallRuleName: "f" }, "Microsoft.Sql/servers/s/firewallRules/f"],
        ["redis:Redis", { name: "r" }, "Microsoft.Cache/redis/r"],
        ["containerregistry:Registry", { registryName: "r" }, "Microsoft.ContainerRegistry/registries/r"],
        [
            "containerregistry:Webhook",
            { registryName: "r", webhookName: "w" },
            "Microsoft.ContainerRegistry/registries/r/webhooks/w",
        ],
        ["containerservice:ManagedCluster", { resourceName: "k" }, "Microsoft.ContainerService/managedClusters/k"],
        [
            "containerservice:AgentPool",
            { resourceName: "k", agentPoolName: "p" },
            "Microsoft.ContainerService/managedClusters/k/agentPools/p",
        ],
        ["servicebus:Queue", { namespaceName: "n", queueName: "q" }, "Microsoft.ServiceBus/namespaces/n/queues/q"],
        [
            "servicebus:Subscription",
            { namespaceName: "n", topicName: "t", subscriptionName: "s" },
            "Microsoft.ServiceBus/namespaces/n/topics/t/subscriptions/s",
        ],
        ["cognitiveservices:Account", { accountName: "a" }, "Microsoft.CognitiveServices/accounts/a"],
        [
            "cognitiveservices:Deployment",
            { accountName: "a", deploymentName: "d" },
            "Microsoft.CognitiveServices/accounts/a/deployments/d",
        ],
        ["app:ContainerApp", { containerAppName: "c" }, "Microsoft.App/containerApps/c"],
        ["apimanagement:ApiManagementService", { serviceName: "s" }, "Microsoft.ApiManagement/service/s"],
        ["datafactory:Factory", { factoryName: "f" }, "Microsoft.DataFactory/factories/f"],
        ["network:PublicIPAddress", { publicIpAddressName: "p" }, "Microsoft.Network/publicIPAddresses/p"],
        ["network:NetworkInterface", { networkInterfaceName: "n" }, "Microsoft.Network/networkInterfaces/n"],
        ["dns:Zone", { zoneName: "z" }, "Microsoft.Network/dnsZones/z"],
        [
            "dns:RecordSet",
            { zoneName: "z", recordType: "A", relativeRecordSetName: "www" },
            "Microsoft.Network/dnsZones/z/A/www",
        ],
        ["netapp:Pool", { accountName: "a", poolName: "p" }, "Microsoft.NetApp/netAppAccounts/a/pools/p"],
        ["search:Service", { searchServiceName: "s" }, "Microsoft.Search/searchServices/s"],
        ["compute:VirtualMachineScaleSet", { vmScaleSetName: "v" }, "Microsoft.Compute/virtualMachineScaleSets/v"],
        ["compute:VirtualMachine", { vmName: "v" }, "Microsoft.Compute/virtualMachines/v"],
    ] as const) {
        it(`are Azure's for ${type}`, () => {
            assert.equal(idOf(type, inputs), `/subscriptions/sub/resourceGroups/rg/providers/${path}`);
        });
    }

    it("have a generated name without a hyphen, as the provider's", () => {
        assert.match(idOf("containerregistry:Registry", {}), /\/registries\/it[0-9a-f]{8}$/);
        assert.match(
            idOf("containerservice:AgentPool", { resourceName: "k" }),
            /\/managedClusters\/k\/agentPools\/it[0-9a-f]{8}$/,
        );
    });
});
