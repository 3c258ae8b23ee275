export interface SecretVersion {
    /** URI with the version in it. */
    id: string;
    version: string;
}

/** One emulated Key Vault: its control plane as functions, its data plane over HTTP at `uri`. */
export interface Vault {
    /** ARM id. Role assignments have it, or a scope above it, as their scope. */
    id: string;
    name: string;
    /** Data-plane address with a last slash, as `properties.vaultUri`. */
    uri: string;
    port: number;
    /**
     * Writes a secret as Azure Resource Manager does, without a data role. An unchanged value keeps its version.
     * Throws `VaultError` with status 409 when a soft-deleted secret holds the name.
     */
    setSecret(name: string, value: string): SecretVersion;
    /** Deletes a secret; with soft delete its name stays in use. Does nothing when there is no such secret. */
    deleteSecret(name: string): void;
    listSecretNames(): string[];
    /** Stops serving. The secrets stay in the emulator's folder. */
    close(): Promise<void>;
    /** Stops serving and deletes the vault; with soft delete its name stays in use, and it can be opened again with `recover`. */
    remove(): Promise<void>;
}

export interface ReferenceRequest {
    text: string;
    /** The principal that reads the secrets. Without one every reference fails. */
    principalId?: string;
}

/** Replaces Key Vault references in texts by secrets. */
export interface SecretReferences {
    /**
     * Replaces every reference, with the braces around it in URL templates.
     * Throws `AuthorizationError` when the principal may not read the secret, `SecretReferenceError` when it does not exist.
     */
    resolve(request: ReferenceRequest): string;
}
