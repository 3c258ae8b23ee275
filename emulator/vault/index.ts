export { SecretReferenceError, VaultError } from "./errors";
export { type SecretOperation, secretOperations } from "./operations";
export { createSecretReferences, type VaultContents } from "./references";
export type { ReferenceRequest, SecretReferences, SecretVersion, Vault } from "./types";
export { openVault } from "./vault";
