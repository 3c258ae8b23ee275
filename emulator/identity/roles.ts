/** GUIDs of the built-in roles that the emulator knows. Source: Azure's list of built-in roles. */
export const roles = {
    webPubSubServiceOwner: "12cf5a90-567b-43ae-8102-96cf46c7d9b4",
    signalRServiceOwner: "7e4f1700-ea5a-4f59-8f37-079cfe29dce3",
    signalRAppServer: "420fcaa2-552c-430f-98ca-3264be4806c7",
    signalRRestApiOwner: "fd53cd77-2268-407a-8f46-7e7863d0f521",
    storageBlobDataOwner: "b7e6dc6d-f1e8-4753-8033-0f276bb0955b",
    storageBlobDataContributor: "ba92f5b4-2d11-453d-a403-e96b0029c9fe",
    storageBlobDataReader: "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1",
    storageQueueDataContributor: "974c5e8b-45b9-4653-ba55-5f855dd0fb88",
    storageTableDataContributor: "0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3",
    keyVaultSecretsOfficer: "b86a8fe4-44ce-4948-aee5-eccb2c155cd7",
    keyVaultSecretsUser: "4633458b-17de-408a-b874-0445c86b69e6",
    monitoringMetricsPublisher: "3913510d-42f4-4e42-8a64-420c390055eb",
} as const;

export type RoleName = keyof typeof roles;

const displayNames: Record<RoleName, string> = {
    webPubSubServiceOwner: "Web PubSub Service Owner",
    signalRServiceOwner: "SignalR Service Owner",
    signalRAppServer: "SignalR App Server",
    signalRRestApiOwner: "SignalR REST API Owner",
    storageBlobDataOwner: "Storage Blob Data Owner",
    storageBlobDataContributor: "Storage Blob Data Contributor",
    storageBlobDataReader: "Storage Blob Data Reader",
    storageQueueDataContributor: "Storage Queue Data Contributor",
    storageTableDataContributor: "Storage Table Data Contributor",
    keyVaultSecretsOfficer: "Key Vault Secrets Officer",
    keyVaultSecretsUser: "Key Vault Secrets User",
    monitoringMetricsPublisher: "Monitoring Metrics Publisher",
};

/** The role's name in Azure. An unknown role keeps its GUID. */
export function roleDisplayName(roleId: string): string {
    const name = (Object.keys(roles) as RoleName[]).find((key) => roles[key] === roleId.toLowerCase());
    return name === undefined ? roleId : displayNames[name];
}
