/**
 * How the Functions host writes a key's name inside a secret's name: `socketio_extension` becomes `socketio-095extension`.
 * Source: KeyVaultSecretsRepository.cs of Azure/azure-functions-host.
 */
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
