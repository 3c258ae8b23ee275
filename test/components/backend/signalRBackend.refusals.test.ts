import { SignalRBackend, type SignalRBackendArgs } from "../../../components";
import { codePaths } from "../../support/backend";
import { refuses } from "../../support/refusals";

const codePath = codePaths.signalr;

refuses<Partial<SignalRBackendArgs>>("SignalRBackend", (args) => new SignalRBackend("chat", { codePath, ...args }), [
    [
        { keySource: "Discovered" },
        "keySource: a SignalR Service needs the key before the app runs, and Discovered has a key only after. Use KeyVault or HostKey.",
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
