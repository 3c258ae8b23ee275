import { notFound, VaultError } from "./errors";
import { deletedItem, page, type SecretOperation, type SecretRequest, versionItem, writers } from "./operations";
import { type DeletedSecret, latestVersion } from "./secrets";

/** The operations on deleted secrets, which a vault with soft delete serves. */
export const deletedSecretOperations: readonly SecretOperation[] = [
    { method: "GET", path: "/deletedsecrets", anyRole: writers, run: listDeleted },
    { method: "GET", path: "/deletedsecrets/{name}", anyRole: writers, run: getDeleted },
    { method: "POST", path: "/deletedsecrets/{name}/recover", anyRole: writers, run: recover },
    { method: "DELETE", path: "/deletedsecrets/{name}", anyRole: writers, run: purge },
];

function listDeleted({ vault, url }: SecretRequest) {
    return page({ items: vault.store.listDeleted().map((secret) => deletedItem(vault, secret)), url });
}

function getDeleted(request: SecretRequest) {
    return deletedItem(request.vault, find(request));
}

function recover(request: SecretRequest) {
    const { vault, name } = request;
    const secret = find(request);
    vault.store.recover(name);
    return versionItem(vault, { secret, version: latestVersion(secret) });
}

function purge(request: SecretRequest): undefined {
    const { vault, name } = request;
    find(request);
    if (vault.purgeProtection) {
        // Source: Key Vault's own sentence, in issue 1951 of microsoft/AzureTRE.
        const message =
            'Operation "purge" is not allowed because purge protection is enabled for this vault. ' +
            "Key Vault service will automatically purge it after the retention period has passed.";
        throw new VaultError({ status: 403, code: "Forbidden", message });
    }
    vault.store.purge(name);
}

function find({ vault, name }: SecretRequest): DeletedSecret {
    const secret = vault.store.getDeleted(name);
    if (secret === undefined) {
        throw notFound(name);
    }
    return secret;
}
