import type { BackendNetwork } from "../../components";

const certificates = "/subscriptions/sub/resourceGroups/shared/providers/Microsoft.KeyVault/vaults/certificates";

/** Every option of a backend that goes with the others, on the tier and the plan that have them all. */
export function allOptions({ codePath, network }: { codePath: string; network: BackendNetwork }) {
    return {
        codePath,
        sku: "Premium_P1" as const,
        plan: "ElasticPremium" as const,
        zoneRedundant: true,
        privateNetwork: network,
        replicas: [{ name: "us", location: "westus2", regionEndpointEnabled: false }],
        autoscale: { minimumCapacity: 2, maximumCapacity: 10 },
        diagnostics: {},
        alerts: { emailAddress: "ops@example.com" },
        workbook: {},
        lockData: true,
        // No event reaches a slot that is closed to the internet.
        ...(network.app !== "Private" && { stagingSlot: {} }),
        naming: { template: "{kind}-{name}-{environment}-{suffix}", name: "acme", environment: "prod" },
        eventAuth: { clientId: "11111111-2222-4333-8444-555555555555" },
        customDomains: [
            {
                name: "main",
                domainName: "chat.example.com",
                certificateSecretUri: "https://certificates.vault.azure.net/secrets/chat",
                certificateVaultId: certificates,
            },
        ],
        tags: { team: "chat" },
    };
}
