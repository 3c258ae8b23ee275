/**
 * Seconds that Azure takes to create one resource of a type. These are assumptions, rounded from what deployments in one
 * region commonly report and right to a factor of two. No single duration decides the comparison, because both orders use
 * the same table and the result also shows the number of operations.
 */
const creation: Record<string, number> = {
    "azure-native:resources:ResourceGroup": 2,
    "azure-native:webpubsub:WebPubSub": 60,
    "azure-native:webpubsub:WebPubSubHub": 15,
    "azure-native:signalrservice:SignalR": 60,
    "azure-native:storage:StorageAccount": 25,
    "azure-native:storage:BlobContainer": 2,
    "azure-native:storage:Blob": 2,
    "azure-native:keyvault:Vault": 30,
    "azure-native:keyvault:Secret": 2,
    "azure-native:authorization:RoleAssignment": 5,
    "azure-native:operationalinsights:Workspace": 20,
    "azure-native:applicationinsights:Component": 5,
    "azure-native:web:AppServicePlan": 15,
    "azure-native:web:WebApp": 35,
    "azure-native:web:WebAppApplicationSettings": 5,
    "azure-native:web:WebAppFtpAllowed": 3,
    "azure-native:web:WebAppScmAllowed": 3,
    // A template with one small resource, such as the host key.
    "azure-native:resources:Deployment": 8,
    "azure-native:managedidentity:UserAssignedIdentity": 5,
    "azure-native:monitor:ActionGroup": 5,
    "azure-native:monitor:MetricAlert": 5,
    "azure-native:monitor:DiagnosticSetting": 5,
    "azure-native:monitor:ScheduledQueryRule": 5,
    "azure-native:monitor:AutoscaleSetting": 5,
    "azure-native:applicationinsights:Workbook": 5,
    "azure-native:authorization:ManagementLockByScope": 3,
    "azure-native:web:WebAppAuthSettingsV2": 5,
    "azure-native:network:VirtualNetwork": 15,
    "azure-native:network:PrivateEndpoint": 60,
    "azure-native:network:PrivateDnsZoneGroup": 15,
    "azure-native:privatedns:PrivateZone": 40,
    "azure-native:privatedns:VirtualNetworkLink": 40,
    // The services ask for the connection; its approval is a deployment.
    "azure-native:webpubsub:WebPubSubSharedPrivateLinkResource": 60,
    "azure-native:signalrservice:SignalRSharedPrivateLinkResource": 60,
    "azure-native:webpubsub:WebPubSubReplica": 120,
    "azure-native:signalrservice:SignalRReplica": 120,
    "azure-native:webpubsub:WebPubSubCustomCertificate": 15,
    "azure-native:signalrservice:SignalRCustomCertificate": 15,
    "azure-native:webpubsub:WebPubSubCustomDomain": 30,
    "azure-native:signalrservice:SignalRCustomDomain": 30,
    // Unpacking the code and starting the host, until the extension has answered.
    "code deployed through the resource manager": 60,
    // Steps of the vendor's order that create no resource.
    "code published with the command-line tools": 60,
    "key read from the running app": 5,
    "upstream set on the service": 20,
};

/** Resources that their provider creates without a call to Azure. */
const atOnce = /^random:/;

/** Throws for a type that the table does not contain, so that no resource counts as free. */
export function durationOf(type: string): number {
    const seconds = atOnce.test(type) ? 0 : creation[type];
    if (seconds === undefined) {
        throw new Error(`bench/graph/durations.ts holds no duration of ${type}`);
    }
    return seconds;
}
