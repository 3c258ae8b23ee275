import { WebPubSubHub, type WebPubSubHubArgs } from "../../../components";
import { refuses } from "../../support/refusals";

refuses<Partial<WebPubSubHubArgs>>(
    "WebPubSubHub",
    (args) => new WebPubSubHub("chat", { resourceGroupName: "g", serviceName: "chat", ...args }),
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
