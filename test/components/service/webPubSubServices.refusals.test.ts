import {
    SocketIOService,
    type SocketIOServiceArgs,
    WebPubSubService,
    type WebPubSubServiceArgs,
} from "../../../components";
import { refuses } from "../../support/refusals";

const id = "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/g/providers";
const identityId = `${id}/Microsoft.ManagedIdentity/userAssignedIdentities/i`;
const serviceId = `${id}/Microsoft.SignalRService/webPubSub/old-chat`;
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
        [{ sku: "Free_F1", capacity: 2 }, "capacity: 2 does not fit Free_F1. Allowed: 1."],
        [{ capacity: 11 }, `capacity: 11 does not fit Standard_S1. ${unitsOfStandard}`],
        [
            { sku: "Free_F1", clientCertEnabled: true },
            "clientCertEnabled: client certificates are not available on Free_F1. Use Standard_S1 or higher, or leave clientCertEnabled out.",
        ],
        [
            { serviceId, serviceIdentityType: "SystemAssigned" },
            "serviceIdentityType: it is for a new service, and serviceId names one that exists. Remove one of them.",
        ],
        [
            { serviceIdentityType: "SystemAssigned", serviceUserAssignedIdentityId: identityId },
            "serviceUserAssignedIdentityId: it needs serviceIdentityType UserAssigned; the service uses one identity only. Change serviceIdentityType, or remove it.",
        ],
        [
            { serviceId, capacity: 2 },
            "capacity: it is for a new service, and serviceId names one that exists. Remove one of them.",
        ],
        [
            { publicNetworkAccess: "Off" as "Enabled" },
            'publicNetworkAccess: "Off" is not known. Allowed: Enabled, Disabled.',
        ],
        [
            { networkACLs: { publicNetwork: { deny: ["RestApi", "Websocket"] } } },
            'networkACLs.publicNetwork.deny[1]: "Websocket" is not known. Allowed: ClientConnection, ServerConnection, RESTAPI, Trace.',
        ],
        [
            { liveTraceConfiguration: { enabled: "yes" } },
            'liveTraceConfiguration.enabled: "yes" is not known. Allowed: true, false.',
        ],
        [
            { privateEndpoint: { subnetId: `${id}/Microsoft.Network/virtualNetworks/v/subnets/s`, dnsZoneIds: {} } },
            "privateEndpoint.dnsZoneIds: there is no zone for webpubsub. Add it, or leave dnsZoneIds out.",
        ],
        [{ location: "" }, 'location: "" is not a region. Allowed: an Azure region, such as westeurope.'],
    ],
);

refuses<Partial<WebPubSubServiceArgs>>(
    "WebPubSubService",
    (args) => new WebPubSubService("chat", { resourceGroupName: "g", ...args }),
    [
        [{ sku: "Free_F1", capacity: 2 }, "capacity: 2 does not fit Free_F1. Allowed: 1."],
        [
            { serviceId, clientCertEnabled: true },
            "clientCertEnabled: it is for a new service, and serviceId names one that exists. Remove one of them.",
        ],
    ],
);
