/** Built-in Azure roles that the components assign, by their role definition GUID. */
export const Roles = {
    webPubSubServiceOwner: "12cf5a90-567b-43ae-8102-96cf46c7d9b4",
    signalRServiceOwner: "7e4f1700-ea5a-4f59-8f37-079cfe29dce3",
    storageBlobDataOwner: "b7e6dc6d-f1e8-4753-8033-0f276bb0955b",
    storageBlobDataReader: "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1",
    storageQueueDataContributor: "974c5e8b-45b9-4653-ba55-5f855dd0fb88",
    storageTableDataContributor: "0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3",
    keyVaultSecretsOfficer: "b86a8fe4-44ce-4948-aee5-eccb2c155cd7",
    keyVaultSecretsUser: "4633458b-17de-408a-b874-0445c86b69e6",
    eventHubsDataSender: "2b629674-e913-4c01-ae53-ef4638d8f975",
    monitoringMetricsPublisher: "3913510d-42f4-4e42-8a64-420c390055eb",
} as const;
