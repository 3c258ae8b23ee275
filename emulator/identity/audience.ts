export const vaultAudience = "https://vault.azure.net";
/** Vaults on this machine have names below this domain, as they have below vault.azure.net on Azure. */
export const vaultDomain = "vault.localhost";
const localVaultAudience = new RegExp(`^https://${vaultDomain.replace(".", "\\.")}(:\\d+)?$`);

/**
 * Normalizes a token audience: `https://Vault.azure.net/.default` and `https://vault.azure.net/` are the same, and so is the domain
 * of vaults on this machine.
 */
export function normalizeAudience(audience: string): string {
    const plain = audience
        .toLowerCase()
        .replace(/\/\.default$/, "")
        .replace(/(?<!\/)\/+$/, "");
    return localVaultAudience.test(plain) ? vaultAudience : plain;
}
