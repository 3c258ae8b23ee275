import type { ArmSpec } from "./armHandler";

type RecordedSpec = Pick<ArmSpec, "token" | "armType" | "names" | "regional">;

const inGroup = (type: string, names: string[], armType: string): RecordedSpec => ({
    token: `azure-native:${type}`,
    armType,
    names,
});
const regional = (...spec: Parameters<typeof inGroup>) => ({ ...inGroup(...spec), regional: true });

const webPubSub = "Microsoft.SignalRService/webPubSub";
const signalR = "Microsoft.SignalRService/signalR";

/** Children that both services have, below the service's `resourceName`. */
const childrenOf = (module: string, service: string, armType: string) => [
    inGroup(
        `${module}:${service}CustomCertificate`,
        ["resourceName", "certificateName"],
        `${armType}/customCertificates`,
    ),
    inGroup(`${module}:${service}CustomDomain`, ["resourceName", "name"], `${armType}/customDomains`),
    regional(`${module}:${service}Replica`, ["resourceName", "replicaName"], `${armType}/replicas`),
    inGroup(
        `${module}:${service}SharedPrivateLinkResource`,
        ["resourceName", "sharedPrivateLinkResourceName"],
        `${armType}/sharedPrivateLinkResources`,
    ),
    inGroup(
        `${module}:${service}PrivateEndpointConnection`,
        ["resourceName", "privateEndpointConnectionName"],
        `${armType}/privateEndpointConnections`,
    ),
];

const network = "Microsoft.Network";

/** Types of resource groups that the local Azure only records, and how Azure makes their ids. */
export const recordedSpecs: readonly RecordedSpec[] = [
    ...childrenOf("webpubsub", "WebPubSub", webPubSub),
    ...childrenOf("signalrservice", "SignalR", signalR),
    regional("network:VirtualNetwork", ["virtualNetworkName"], `${network}/virtualNetworks`),
    inGroup("network:Subnet", ["virtualNetworkName", "subnetName"], `${network}/virtualNetworks/subnets`),
    regional("network:PrivateEndpoint", ["privateEndpointName"], `${network}/privateEndpoints`),
    inGroup(
        "network:PrivateDnsZoneGroup",
        ["privateEndpointName", "privateDnsZoneGroupName"],
        `${network}/privateEndpoints/privateDnsZoneGroups`,
    ),
    regional("network:NetworkSecurityGroup", ["networkSecurityGroupName"], `${network}/networkSecurityGroups`),
    inGroup(
        "network:SecurityRule",
        ["networkSecurityGroupName", "securityRuleName"],
        `${network}/networkSecurityGroups/securityRules`,
    ),
    regional("network:PublicIPAddress", ["publicIpAddressName"], `${network}/publicIPAddresses`),
    regional("network:NatGateway", ["natGatewayName"], `${network}/natGateways`),
    regional("network:RouteTable", ["routeTableName"], `${network}/routeTables`),
    inGroup("privatedns:PrivateZone", ["privateZoneName"], `${network}/privateDnsZones`),
    inGroup(
        "privatedns:VirtualNetworkLink",
        ["privateZoneName", "virtualNetworkLinkName"],
        `${network}/privateDnsZones/virtualNetworkLinks`,
    ),
    regional("monitor:AutoscaleSetting", ["autoscaleSettingName"], "Microsoft.Insights/autoscalesettings"),
    regional("applicationinsights:Workbook", ["resourceName"], "Microsoft.Insights/workbooks"),
    regional("eventgrid:SystemTopic", ["systemTopicName"], "Microsoft.EventGrid/systemTopics"),
    inGroup(
        "eventgrid:SystemTopicEventSubscription",
        ["systemTopicName", "eventSubscriptionName"],
        "Microsoft.EventGrid/systemTopics/eventSubscriptions",
    ),
    regional("portal:Dashboard", ["dashboardName"], "Microsoft.Portal/dashboards"),
    inGroup(
        "managedidentity:FederatedIdentityCredential",
        ["resourceName", "federatedIdentityCredentialResourceName"],
        "Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials",
    ),
];
