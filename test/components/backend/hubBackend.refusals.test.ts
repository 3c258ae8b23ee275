import assert from "node:assert/strict";
import {
    SocketIOBackend,
    type SocketIOBackendArgs,
    WebPubSubBackend,
    type WebPubSubBackendArgs,
} from "../../../components";
import { codePaths } from "../../support/backend";
import { functionFolder, smallestAppFor } from "../../support/functionFolder";
import { refusalOf, refuses } from "../../support/refusals";

const codePath = codePaths.socketio;
const identityId =
    "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/g/providers/Microsoft.ManagedIdentity/userAssignedIdentities/i";
const { "host.json": host = "" } = smallestAppFor("socketio");
const pythonFolder = functionFolder({ "host.json": host, "function_app.py": "", ".python_packages/a.py": "" });
const dotnetFolder = functionFolder({ "host.json": host, "functions.metadata": "[]", "worker.config.json": "{}" });
const id = "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/g/providers";
const eventHubId = `${id}/Microsoft.EventHub/namespaces/events/eventhubs/all`;

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
        { serviceIdentityType: "SystemAssigned", serviceUserAssignedIdentityId: identityId },
        "serviceUserAssignedIdentityId: it needs serviceIdentityType UserAssigned; the service uses one identity only. Change serviceIdentityType, or remove it.",
    ],
    [
        { runtime: "dotnet-isolated", codePath: dotnetFolder },
        "runtime: the Socket.IO extension has no dotnet-isolated worker package. Use another language.",
    ],
    [
        { plan: "Consumption", runtime: "python", codePath: pythonFolder },
        "runtime: plan Consumption runs on Windows, which has no Python. Use Dedicated or ElasticPremium.",
    ],
    [
        { remoteBuild: true },
        "remoteBuild: plan is Consumption, where the app runs from the package as it is. Build the folder first, or remove it.",
    ],
    [
        { plan: "Dedicated", remoteBuild: true },
        "remoteBuild: plan is Dedicated, where Azure builds code on FlexConsumption only. Build the folder first, or remove it.",
    ],
    [
        { zoneRedundant: true },
        "zoneRedundant: plan Consumption has no zones. Use ElasticPremium, or Dedicated from P0v3 on.",
    ],
    [{ connectionAuth: "Key" as "AccessKey" }, 'connectionAuth: "Key" is not known. Allowed: Identity, AccessKey.'],
    [
        { codePath: "no/such/folder" },
        `codePath: "no/such/folder" does not exist, seen from ${process.cwd()}. Build the function app first.`,
    ],
]);

refuses<Partial<WebPubSubBackendArgs>>(
    "WebPubSubBackend",
    (args) => new WebPubSubBackend("chat", { codePath: codePaths.webpubsub, ...args }),
    [
        [
            { appSettings: { WebPubSubConnectionString__serviceUri: "https://x" } },
            "appSettings: WebPubSubConnectionString__serviceUri belongs to the connection to the service. Remove or rename what you gave.",
        ],
        [
            { hubs: [{ name: "chat", eventListeners: [{ name: "archive", eventHubId: "all" }] }] },
            'hubs[0].eventListeners[0].eventHubId: "all" is not the id of a Microsoft.EventHub/namespaces/eventhubs. Allowed: /subscriptions/<id>/resourceGroups/<group>/providers/Microsoft.EventHub/namespaces/<name>/eventhubs/<name>.',
        ],
        [
            {
                hubs: [
                    {
                        name: "chat",
                        eventListeners: [{ name: "archive", eventHubId, systemEvents: ["connect" as "connected"] }],
                    },
                ],
            },
            'hubs[0].eventListeners[0].systemEvents: "connect" is not known. Allowed: connected, disconnected.',
        ],
        [
            {
                hubs: [
                    {
                        name: "chat",
                        eventListeners: [{ name: "archive", eventHubId, fullyQualifiedNamespace: "https://x" }],
                    },
                ],
            },
            'hubs[0].eventListeners[0].fullyQualifiedNamespace: "https://x" is not a host name. Allowed: a name such as events.servicebus.windows.net, without scheme and path.',
        ],
        [
            {
                hubs: [{ name: "chat", eventListeners: ["archive", "archive"].map((name) => ({ name, eventHubId })) }],
            },
            'hubs[0].eventListeners[1].name: "archive" is there twice. Give each listener a name of its own.',
        ],
        [
            {
                hubs: ["a", "b"].map((name) => ({
                    name,
                    eventListeners: Array.from({ length: 6 }, (_, index) => ({ name: `l${index}`, eventHubId })),
                })),
            },
            "hubs: 12 listeners are too many. Allowed: 10 over all hubs of a service.",
        ],
    ],
);

describe("Several faults", () => {
    it("are reported together, with the names of the caller's arguments", async () => {
        const message = await refusalOf(
            () =>
                new SocketIOBackend("chat", {
                    codePath: functionFolder({}),
                    sku: "Free_F1",
                    capacity: 3,
                    clientCertEnabled: true,
                    roleDelaySeconds: -1,
                    hubs: [{ name: "1" }],
                }),
        );
        assert.match(message, /^SocketIOBackend "chat" has 5 properties that cannot be used:\n/);
        for (const path of ["capacity", "clientCertEnabled", "roleDelaySeconds", "hubs[0].name", "codePath"]) {
            assert.ok(message.includes(`\n  ${path}: `), path);
        }
    });
});
