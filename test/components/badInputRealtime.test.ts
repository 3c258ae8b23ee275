import {
    SignalRBackend,
    type SignalRBackendArgs,
    SignalRService,
    type SignalRServiceArgs,
    WebPubSubBackend,
    type WebPubSubBackendArgs,
    WebPubSubService,
    type WebPubSubServiceArgs,
} from "../../components";
import { functionFolder } from "../support/functionFolder";
import { refuses } from "../support/refusals";

const codePath = functionFolder();
const id = "/subscriptions/s/resourceGroups/g/providers";
const eventHubId = `${id}/Microsoft.EventHub/namespaces/events/eventhubs/all`;

refuses<Partial<WebPubSubServiceArgs>>(
    "WebPubSubService",
    (args) => new WebPubSubService("chat", { resourceGroupName: "g", ...args }),
    [
        [{ sku: "Free_F1", units: 2 }, "units: 2 does not fit Free_F1. Allowed: 1."],
        [
            { existingServiceName: "old-chat", clientCertEnabled: true },
            "clientCertEnabled: it is for a new service, and existingServiceName names one. Remove one of them.",
        ],
    ],
);

refuses<Partial<WebPubSubBackendArgs>>(
    "WebPubSubBackend",
    (args) => new WebPubSubBackend("chat", { codePath, ...args }),
    [
        [
            { appSettings: { WebPubSubConnectionString__serviceUri: "https://x" } },
            "appSettings: WebPubSubConnectionString__serviceUri belongs to the connection to the service. Remove or rename what you gave.",
        ],
        [
            { hubs: [{ name: "chat", eventListeners: [{ name: "archive", eventHubId: "all" }] }] },
            'hubs[0].eventListeners[0].eventHubId: "all" is not the id of an event hub. Allowed: /subscriptions/<id>/resourceGroups/<group>/providers/Microsoft.EventHub/namespaces/<namespace>/eventhubs/<name>.',
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

refuses<Partial<SignalRServiceArgs>>(
    "SignalRService",
    (args) => new SignalRService("chat", { resourceGroupName: "g", ...args }),
    [
        [
            { upstreamTemplates: [{ urlTemplate: "https://{category}.example.com" }] },
            'upstreamTemplates[0].urlTemplate: "https://{category}.example.com" has a placeholder in its host. Allowed: an absolute http or https URL, with {hub}, {category} and {event} in its path or query only.',
        ],
        [
            { upstreamTemplates: [{ urlTemplate: "https://a.b", categoryPattern: "events" }] },
            'upstreamTemplates[0].categoryPattern: "events" is not a pattern. Allowed: * for both, connections, messages, or both with a comma.',
        ],
        [
            { upstreamTemplates: [{ urlTemplate: "https://a.b", hubPattern: "" }] },
            'upstreamTemplates[0].hubPattern: "" is not a pattern. Allowed: * for every hub, or hub names separated by commas.',
        ],
        [
            { upstreamTemplates: [{ urlTemplate: "https://a.b", eventPattern: "a,,b" }] },
            'upstreamTemplates[0].eventPattern: "a,,b" is not a pattern. Allowed: * for every event, or event names separated by commas.',
        ],
        [
            { upstreamTemplates: [{ urlTemplate: "https://a.b", auth: { type: "ManagedIdentity" } }] },
            "upstreamTemplates[0].auth.managedIdentity.resource: undefined is not a resource. Give the application id or id URI that the token is for.",
        ],
        [
            { connectionTimeoutInSeconds: 121 },
            "connectionTimeoutInSeconds: 121 is out of range. Allowed: whole numbers from 1 to 120 seconds.",
        ],
        [
            { allowedOrigins: ["https://chat.example.com/page"] },
            'allowedOrigins: "https://chat.example.com/page" is not an origin. Allowed: *, or scheme and host such as https://chat.example.com, without a path.',
        ],
        [
            { allowedOrigins: [] },
            "allowedOrigins: it is empty, so no page could connect. Allowed: *, or origins such as https://chat.example.com.",
        ],
        [
            { features: [{ flag: "ServiceMode", value: "Default" }] },
            "features: ServiceMode is always Serverless here. Remove it.",
        ],
        [
            { existingServiceName: "old-chat", upstreamTemplates: [] },
            "upstreamTemplates: it is for a new service, and existingServiceName names one. Remove one of them.",
        ],
    ],
);

refuses<Partial<SignalRBackendArgs>>("SignalRBackend", (args) => new SignalRBackend("chat", { codePath, ...args }), [
    [
        { keySource: "Discovered" },
        "keySource: a SignalR Service holds the address of its events itself and needs the key in it, and Discovered has a key only when the app runs with the service's address. Use KeyVault or HostKey.",
    ],
    [
        { upstreamTemplates: [{ urlTemplate: "" }] },
        "upstreamTemplates[0].urlTemplate: a handler needs a URL. Allowed: an absolute http or https URL, with {hub}, {category} and {event} in its path or query only.",
    ],
    [
        { appSettings: { AzureSignalRConnectionString: "x" } },
        "appSettings: AzureSignalRConnectionString belongs to the connection to the service. Remove or rename what you gave.",
    ],
    [
        { serviceUserAssignedIdentityId: "mine" },
        'serviceUserAssignedIdentityId: "mine" is not the id of a Microsoft.ManagedIdentity/userAssignedIdentities. Allowed: /subscriptions/<id>/resourceGroups/<group>/providers/Microsoft.ManagedIdentity/userAssignedIdentities/<name>.',
    ],
]);
