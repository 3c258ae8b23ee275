export interface SecretVersion {
    /** URI with the version in it. */
    id: string;
    version: string;
}

/** One emulated Key Vault: its control plane as functions, its data plane over HTTP at `uri`. */
export interface Vault {
    /** ARM id; role assignments name it or something above it. */
    id: string;
    name: string;
    /** Data-plane address with a last slash, as `properties.vaultUri`. */
    uri: string;
    port: number;
    /** Writes as Azure Resource Manager does, without a data role. The same value again keeps the version. */
    setSecret(name: string, value: string): SecretVersion;
    /** Deletes for good: there is no recovery here. Does nothing when the secret is not there. */
    deleteSecret(name: string): void;
    listSecretNames(): string[];
    /** Stops serving. The secrets stay in the emulator's folder. */
    close(): Promise<void>;
    /** Stops serving and deletes the secrets. */
    remove(): Promise<void>;
}

export interface ReferenceRequest {
    text: string;
    /** Who reads. Without one every reference fails, because nobody is there to read it. */
    principalId?: string;
}

/** Finds Key Vault references in a text and puts the secrets in their place. */
export interface SecretReferences {
    /**
     * Replaces every reference, and the braces around one as they stand in URL templates.
     * Throws `AuthorizationError` when the principal may not read, `SecretReferenceError` when there is nothing to read.
     */
    resolve(request: ReferenceRequest): string;
}
