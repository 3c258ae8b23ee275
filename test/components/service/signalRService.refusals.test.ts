import { SignalRService, type SignalRServiceArgs } from "../../../components";
import { refuses } from "../../support/refusals";

const id = "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/g/providers";
const serviceId = `${id}/Microsoft.SignalRService/signalR/old-chat`;

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
            { features: [{ flag: "EnableLogs", value: "true" }] },
            'features[0].flag: "EnableLogs" is not known. Allowed: EnableConnectivityLogs, EnableMessagingLogs, EnableLiveTrace.',
        ],
        [
            { features: [{ flag: "EnableLiveTrace", value: "on" }] },
            'features: "on" is not a value of EnableLiveTrace. Allowed: true, false.',
        ],
        [
            { serviceId, upstreamTemplates: [] },
            "upstreamTemplates: it is for a new service, and serviceId names one that exists. Remove one of them.",
        ],
    ],
);
