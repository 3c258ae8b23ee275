import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import {
    FunctionApp,
    type FunctionAppArgs,
    FunctionCode,
    type FunctionCodeArgs,
    HostKeys,
    type HostKeysArgs,
    PrivateNetwork,
    type PrivateNetworkArgs,
    SharedPrivateLink,
    type SharedPrivateLinkArgs,
    WebPubSubBackend,
    WebPubSubService,
    type WebPubSubServiceArgs,
} from "../../../components";
import { splitPrefix } from "../../../components/shared/addresses";
import { codePaths } from "../../support/backend";
import { failureOf, plain, runProgram } from "../../support/pulumi";
import { refuses } from "../../support/refusals";

const id = "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/g/providers";
const subnetId = `${id}/Microsoft.Network/virtualNetworks/net/subnets/ends`;
const resourceGroupName = "group";

refuses<Partial<PrivateNetworkArgs>>(
    "PrivateNetwork",
    (args) => new PrivateNetwork("chat", { resourceGroupName, groupIds: ["blob"], ...args }),
    [
        [
            { plan: "Consumption" },
            "plan: Consumption has no network integration. Use ElasticPremium, Dedicated or, without a Socket.IO trigger, FlexConsumption.",
        ],
        [
            { groupIds: ["blob", "file"] },
            'groupIds[1]: "file" is not known. Allowed: blob, queue, table, vault, webpubsub, signalr, sites.',
        ],
    ],
);

refuses<Partial<SharedPrivateLinkArgs>>(
    "SharedPrivateLink",
    (args) =>
        new SharedPrivateLink("chat", {
            resourceGroupName,
            service: "webpubsub",
            serviceName: "chat",
            groupId: "vault",
            targetId: `${id}/Microsoft.KeyVault/vaults/v`,
            ...args,
        }),
    [
        [{ groupId: "blob" as never }, 'groupId: "blob" is not known. Allowed: vault, sites.'],
        [{ service: "mqtt" as never }, 'service: "mqtt" is not known. Allowed: socketio, webpubsub, signalr.'],
        [
            { targetId: "vault" },
            'targetId: "vault" is not the id of a Microsoft.KeyVault/vaults. Allowed: /subscriptions/<id>/resourceGroups/<group>/providers/Microsoft.KeyVault/vaults/<name>.',
        ],
    ],
);

refuses<Partial<FunctionAppArgs>>("FunctionApp", (args) => new FunctionApp("chat", { resourceGroupName, ...args }), [
    [
        { storagePrivateEndpoints: { subnetId } },
        "storagePrivateEndpoints: they go with virtualNetworkSubnetId: outside of the network the host would not reach its storage. Give both.",
    ],
    [
        { plan: "Consumption", packageUri: "https://a.example/p.zip", privateEndpoint: { subnetId } },
        "privateEndpoint: plan Consumption has no network. Use FlexConsumption, ElasticPremium or Dedicated.",
    ],
    [
        {
            virtualNetworkSubnetId: subnetId,
            storagePrivateEndpoints: { subnetId },
            storageAccountId: `${id}/Microsoft.Storage/storageAccounts/s`,
        },
        "storagePrivateEndpoints: they are for a new account, and storageAccountId names one that exists. Remove one of them.",
    ],
    [
        { publicNetworkAccess: "Maybe" as never },
        'publicNetworkAccess: "Maybe" is not known. Allowed: Enabled, Disabled.',
    ],
]);

refuses<Partial<FunctionCodeArgs>>(
    "FunctionCode",
    (args) => new FunctionCode("chat", { resourceGroupName, codePath: codePaths.webpubsub, ...args }),
    [
        [
            { deployerIpRanges: ["203.0.113.7"] },
            "deployerIpRanges: they go with privateEndpoint: no app could fetch its code. Give both.",
        ],
        [
            { privateEndpoint: { subnetId } },
            "privateEndpoint: it goes with deployerIpRanges, which close the account. Give both.",
        ],
    ],
);

refuses<Partial<HostKeysArgs>>(
    "HostKeys",
    (args) => new HostKeys("chat", { resourceGroupName, extension: "webpubsub", ...args }),
    [
        [
            { vaultId: `${id}/Microsoft.KeyVault/vaults/v`, publicNetworkAccess: "Disabled" },
            "publicNetworkAccess: it is for a new vault, and none is created here. Remove it.",
        ],
    ],
);

refuses<Partial<WebPubSubServiceArgs>>(
    "WebPubSubService",
    (args) => new WebPubSubService("chat", { resourceGroupName, privateEndpoint: { subnetId }, ...args }),
    [
        [
            { sku: "Free_F1" },
            "sku: Free_F1 has no private endpoints. Use Standard_S1 or higher, or leave the network out.",
        ],
        [
            { serviceId: `${id}/Microsoft.SignalRService/webPubSub/s` },
            "privateEndpoint: it is for a new service, and serviceId names one that exists. Remove one of them.",
        ],
    ],
);

describe("what is known only later about a private network", () => {
    const failing = (privateNetwork: object, sku?: pulumi.Output<string>) =>
        failureOf(() =>
            runProgram(
                () =>
                    new WebPubSubBackend("chat", { codePath: codePaths.webpubsub, sku: sku as never, privateNetwork }),
            ),
        );

    it("is refused when the two subnets turn out to be one", async () => {
        const network = { appSubnetId: pulumi.output(subnetId), endpointSubnetId: pulumi.output(subnetId) };
        assert.match((await failing(network)).message, /endpointSubnetId: it is the app's subnet as well/);
    });

    it("is refused when the tier turns out to be the free one", async () => {
        assert.match((await failing({}, pulumi.output("Free_F1"))).message, /sku: Free_F1 has no private endpoints/);
    });

    it("is refused when a deployer's address turns out to be private", async () => {
        const network = { deployerIpRanges: pulumi.output(["10.0.0.1"]) };
        assert.match((await failing(network)).message, /deployerIpRanges: "10.0.0.1" lies in 10.0.0.0\/8/);
    });
});

describe("a vault with a private endpoint", () => {
    const runKeys = (args: Partial<HostKeysArgs>) =>
        runProgram(
            () =>
                new HostKeys("chat", {
                    resourceGroupName,
                    extension: "webpubsub",
                    privateEndpoint: { subnetId },
                    ...args,
                }),
        );
    const access = async (args: Partial<HostKeysArgs>) =>
        plain((await runKeys(args)).find("azure-native:keyvault:Vault"), "properties.publicNetworkAccess");

    it("is closed to the internet unless it is said to be open", async () => {
        assert.equal(await access({}), "Disabled");
        assert.equal(await access({ publicNetworkAccess: "Enabled" }), "Enabled");
    });
});

describe("the subnets of a range", () => {
    for (const [prefix, app, endpoints] of [
        ["10.0.0.0/24", "10.0.0.0/26", "10.0.0.64/26"],
        ["172.16.0.0/16", "172.16.0.0/18", "172.16.64.0/18"],
        ["192.168.255.128/25", "192.168.255.128/27", "192.168.255.160/27"],
        ["10.255.254.0/23", "10.255.254.0/25", "10.255.254.128/25"],
    ] as const) {
        it(`${prefix} are its first two quarters`, () => assert.deepEqual(splitPrefix(prefix), { app, endpoints }));
    }
});
