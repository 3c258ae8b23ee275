import assert from "node:assert/strict";
import {
    FunctionApp,
    type FunctionAppArgs,
    FunctionCode,
    HostKeys,
    type HostKeysArgs,
    SocketIOBackend,
    type SocketIOBackendArgs,
    SocketIOService,
    type SocketIOServiceArgs,
    WebPubSubHub,
    type WebPubSubHubArgs,
} from "../../components";
import { functionFolder } from "../support/functionFolder";
import { refusalOf, refuses } from "../support/refusals";

const codePath = functionFolder();
const id = "/subscriptions/s/resourceGroups/g/providers";
const identityId = `${id}/Microsoft.ManagedIdentity/userAssignedIdentities/i`;

const unitsOfStandard = "Allowed: 1-10, 20, 30 … 100.";

refuses<Partial<SocketIOServiceArgs>>(
    "SocketIOService",
    (args) => new SocketIOService("chat", { resourceGroupName: "g", ...args }),
    [
        [
            { serviceName: "a".repeat(64) },
            `serviceName: "${"a".repeat(64)}", 64 characters, is not a valid name. Allowed: 3-63 letters, digits and hyphens, a letter first, no hyphen last.`,
        ],
        [
            { sku: "Basic" as "Free_F1" },
            'sku: "Basic" is not known. Allowed: Free_F1, Standard_S1, Premium_P1, Premium_P2.',
        ],
        [{ sku: "Free_F1", units: 2 }, "units: 2 does not fit Free_F1. Allowed: 1."],
        [{ units: 11 }, `units: 11 does not fit Standard_S1. ${unitsOfStandard}`],
        [
            { sku: "Free_F1", clientCertEnabled: true },
            "clientCertEnabled: client certificates are not available on Free_F1. Use Standard_S1 or higher, or leave clientCertEnabled out.",
        ],
        [
            { identityType: "UserAssigned" },
            "userAssignedIdentityId: identityType is UserAssigned, so the identity's Azure Resource Manager id is needed.",
        ],
        [
            { userAssignedIdentityId: identityId },
            "userAssignedIdentityId: it needs identityType UserAssigned; the service uses one identity only.",
        ],
        [
            { existingServiceName: "old-chat", units: 2 },
            "units: it is for a new service, and existingServiceName names one. Remove one of them.",
        ],
        [
            { publicNetworkAccess: "Off" as "Enabled" },
            'publicNetworkAccess: "Off" is not known. Allowed: Enabled, Disabled.',
        ],
    ],
);

refuses<Partial<WebPubSubHubArgs>>(
    "WebPubSubHub",
    (args) => new WebPubSubHub("chat", { resourceGroupName: "g", serviceName: "s", ...args }),
    [
        [
            { hubName: "my-hub" },
            'hubName: "my-hub" is not a valid name. Allowed: 1-128 letters, digits and underscores, a letter first.',
        ],
        [
            { eventHandlers: [{ urlTemplate: "" }] },
            "eventHandlers[0].urlTemplate: a handler needs a URL. Allowed: an absolute http or https URL, with {hub} and {event} in its path or query only.",
        ],
        [
            { eventHandlers: [{ urlTemplate: "https://a.b" }, { urlTemplate: "https://{hub}.b" }] },
            'eventHandlers[1].urlTemplate: "https://{hub}.b" has a placeholder in its host. Allowed: an absolute http or https URL, with {hub} and {event} in its path or query only.',
        ],
        [
            { eventHandlers: [{ urlTemplate: "https://a.b", systemEvents: ["closed" as "connect"] }] },
            'eventHandlers[0].systemEvents[0]: "closed" is not known. Allowed: connect, connected, disconnected.',
        ],
        [
            { eventHandlers: [{ urlTemplate: "https://a.b", auth: { type: "ManagedIdentity" } }] },
            "eventHandlers[0].auth.managedIdentity.resource: undefined is not a resource. Give the application id or id URI that the token is for.",
        ],
        [
            { webSocketKeepAliveIntervalInSeconds: 121 },
            "webSocketKeepAliveIntervalInSeconds: 121 is out of range. Allowed: whole numbers from 1 to 120 seconds.",
        ],
        [
            { anonymousConnectPolicy: "maybe" as "allow" },
            'anonymousConnectPolicy: "maybe" is not known. Allowed: allow, deny.',
        ],
    ],
);

refuses<Partial<HostKeysArgs>>(
    "HostKeys",
    (args) => new HostKeys("chat", { resourceGroupName: "g", extension: "socketio", ...args }),
    [
        [{ source: "HostKey" }, "appName: source HostKey works on a Function App, so its name is needed."],
        [
            { source: "Discovered", appName: "a", keyRotation: "2" },
            "keyRotation: source Discovered reads the key that the extension made, so it cannot be rotated here. Use KeyVault or HostKey, or remove it.",
        ],
        [
            { vaultName: "new-vault", existingVaultName: "old-vault" },
            "vaultName: it is for a new vault, and existingVaultName names one. Remove one of them.",
        ],
        [{ source: "File" as "HostKey" }, 'source: "File" is not known. Allowed: KeyVault, HostKey, Discovered.'],
    ],
);

refuses<Partial<FunctionAppArgs>>(
    "FunctionApp",
    (args) => new FunctionApp("chat", { resourceGroupName: "g", ...args }),
    [
        [{ runtimeVersion: "18" }, 'runtimeVersion: "18" is not a version of node. Allowed: 20, 22.'],
        [
            { runtime: "ruby" as "node" },
            'runtime: "ruby" is not known. Allowed: node, python, dotnet-isolated, java, powershell.',
        ],
        [{ instanceMemoryMB: 1024 }, "instanceMemoryMB: 1024 is not an instance size. Allowed: 512, 2048, 4096 MB."],
        [
            { maximumInstanceCount: 10 },
            "maximumInstanceCount: 10 is out of range. Allowed: whole numbers from 40 to 1000 instances.",
        ],
        [
            { alwaysReady: [{ name: "all", instanceCount: 1 }] },
            'alwaysReady[0].name: "all" is not a group of functions. Allowed: http, blob, durable, function:<function name>.',
        ],
        [{ premiumSize: "EP1" }, "premiumSize: it is for plan ElasticPremium, and the plan is FlexConsumption."],
        [
            { plan: "ElasticPremium", packageUri: "https://x", instanceMemoryMB: 512 },
            "instanceMemoryMB: it is for plan FlexConsumption, and the plan is ElasticPremium.",
        ],
        [
            { plan: "ElasticPremium" },
            "packageUri: an ElasticPremium app runs from its package. Give FunctionCode's packageUri.",
        ],
        [{ userAssignedIdentityId: identityId }, "userAssignedIdentityId: it needs identityType UserAssigned."],
        [
            { planId: "my-plan" },
            'planId: "my-plan" is not the id of a Microsoft.Web/serverfarms. Allowed: /subscriptions/<id>/resourceGroups/<group>/providers/Microsoft.Web/serverfarms/<name>.',
        ],
        [
            { appSettings: { FUNCTIONS_WORKER_RUNTIME: "node" } },
            "appSettings: FUNCTIONS_WORKER_RUNTIME belongs to the Flex Consumption plan, which refuses it. Remove or rename what you gave.",
        ],
        [
            { roles: ["a", "a"].map((name) => ({ name, role: "r", scope: "s" })) },
            'roles[1].name: "a" is there twice. Give each role a name of its own.',
        ],
    ],
);

refuses<Partial<SocketIOBackendArgs>>("SocketIOBackend", (args) => new SocketIOBackend("chat", { codePath, ...args }), [
    [
        { hubs: [{ name: "lobby" }, { name: "Lobby" }] },
        'hubs[1].name: "Lobby" is the same hub as "lobby": hub names ignore letter case. Give each hub a name of its own.',
    ],
    [{ hubs: [] }, "hubs: a backend needs a hub. Name one, or leave hubs out for one named hub."],
    [
        { hubs: [{ name: "hub", eventHandlers: [{ urlTemplate: "" }] }] },
        "hubs[0].eventHandlers[0].urlTemplate: a handler needs a URL. Allowed: an absolute http or https URL, with {hub} and {event} in its path or query only.",
    ],
    [
        { connectionName: "my-connection" },
        'connectionName: "my-connection" is not a valid name. Allowed: 1-100 letters, digits and underscores, a letter first.',
    ],
    [
        { appSettings: { WebPubSubForSocketIOConnectionString__endpoint: "https://x" } },
        "appSettings: WebPubSubForSocketIOConnectionString__endpoint belongs to the connection to the service. Remove or rename what you gave.",
    ],
    [
        { appSettings: { AzureWebJobsSecretStorageType: "files" } },
        "appSettings: AzureWebJobsSecretStorageType belongs to the key store. Remove or rename what you gave.",
    ],
    [
        { keySource: "HostKey", vaultName: "my-vault" },
        "vaultName: nothing is kept in a vault: that takes keySource KeyVault or connectionAuth AccessKey. Remove it.",
    ],
    [
        { serviceIdentityType: "UserAssigned" },
        "serviceUserAssignedIdentityId: serviceIdentityType is UserAssigned, so the identity's Azure Resource Manager id is needed.",
    ],
    [{ connectionAuth: "Key" as "AccessKey" }, 'connectionAuth: "Key" is not known. Allowed: Identity, AccessKey.'],
    [
        { codePath: "no/such/folder" },
        `codePath: "no/such/folder" does not exist, seen from ${process.cwd()}. Build the function app first.`,
    ],
]);

describe("Several faults", () => {
    it("are told at once, under the names that the caller wrote", async () => {
        const message = await refusalOf(
            () =>
                new SocketIOBackend("chat", {
                    codePath: functionFolder({}),
                    sku: "Free_F1",
                    units: 3,
                    clientCertEnabled: true,
                    runtimeVersion: "18",
                    hubs: [{ name: "1" }],
                }),
        );
        assert.match(message, /^SocketIOBackend "chat" has 5 properties that cannot be used:\n/);
        for (const path of ["units", "clientCertEnabled", "runtimeVersion", "hubs[0].name", "codePath"]) {
            assert.ok(message.includes(`\n  ${path}: `), path);
        }
    });

    it("of a code folder are both told", async () => {
        const message = await refusalOf(
            () => new FunctionCode("chat", { resourceGroupName: "g", codePath: functionFolder({ "a.txt": "" }) }),
        );
        assert.match(message, /codePath: .* has no host\.json[\s\S]*codePath: .* has no entry point for node/);
    });
});
