/** Normalizes a token audience: `https://Vault.azure.net/.default` and `https://vault.azure.net/` are the same. */
export function normalizeAudience(audience: string): string {
    return audience
        .toLowerCase()
        .replace(/\/\.default$/, "")
        .replace(/\/+$/, "");
}
