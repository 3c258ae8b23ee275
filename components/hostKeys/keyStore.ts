/** How the Functions host spells a key's name inside a secret's name: `socketio_extension` is `socketio-095extension`. */
export function secretNamePart(keyName: string): string {
    return [...keyName]
        .map((char) => (/[a-zA-Z0-9]/.test(char) ? char : `-${char.charCodeAt(0).toString().padStart(3, "0")}`))
        .join("");
}

/** Secret names of the Functions host's Key Vault key store. */
export const keySecretNames = {
    master: "host--masterKey--master",
    defaultFunction: `host--functionKey--${secretNamePart("default")}`,
    system: (keyName: string) => `host--systemKey--${secretNamePart(keyName)}`,
};

/** App settings that tell the Functions host to keep its keys in a vault. */
export const keyStoreSettings = {
    type: "AzureWebJobsSecretStorageType",
    vaultUri: "AzureWebJobsSecretStorageKeyVaultUri",
    clientId: "AzureWebJobsSecretStorageKeyVaultClientId",
} as const;

export function keyVaultReference(secretUri: string): string {
    return `@Microsoft.KeyVault(SecretUri=${secretUri})`;
}
