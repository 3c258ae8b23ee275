import { AuthorizationError, type Identity } from "../identity";
import { scopeOf } from "./dataPlane";
import { SecretReferenceError, VaultError } from "./errors";
import { readers } from "./operations";
import { malformed, parseReference, referencePattern, type SecretAddress } from "./referenceSyntax";
import { readableVersion, type SecretStore } from "./secrets";
import type { SecretReferences } from "./types";

/** The parts of a vault that are needed to read a reference. */
export interface VaultContents {
    id: string;
    name: string;
    uri: string;
    /** All URIs that name the vault. */
    addresses: readonly string[];
    store: SecretStore;
    /** Why the vault's network keeps a principal out; undefined lets it in. */
    networkFault?(principalId: string): string | undefined;
}

export interface SecretReferencesOptions {
    identity: Identity;
    /** The open vaults. */
    vaults(): Iterable<VaultContents>;
}

export function createSecretReferences({ identity, vaults }: SecretReferencesOptions): SecretReferences {
    function read(address: SecretAddress, principalId: string | undefined): string {
        const vault = findVault([...vaults()], address);
        const what = `Key Vault reference to secret "${address.secret}" in vault "${vault.name}"`;
        if (principalId === undefined) {
            throw new AuthorizationError(
                403,
                `${what} cannot be read: the resource that has it has no managed identity.`,
            );
        }
        const closed = vault.networkFault?.(principalId);
        if (closed !== undefined) {
            throw new AuthorizationError(403, `${what} cannot be read: ${closed}.`);
        }
        try {
            identity.requireRole({ principalId, anyRole: readers, scope: scopeOf(vault, address.secret) });
        } catch (error) {
            if (error instanceof AuthorizationError) {
                throw new AuthorizationError(error.status, `${what} cannot be read: ${error.message}`);
            }
            throw error;
        }
        const secret = vault.store.get(address.secret);
        if (secret === undefined) {
            const names = vault.store.list().map((stored) => stored.name);
            throw new SecretReferenceError(
                `${what} cannot be read: there is no such secret. The vault has: ${names.join(", ") || "none"}.`,
            );
        }
        try {
            return readableVersion(secret, address.version).value;
        } catch (error) {
            if (error instanceof VaultError) {
                throw new SecretReferenceError(`${what} cannot be read: ${error.message}`);
            }
            throw error;
        }
    }

    return {
        resolve: ({ text, principalId }) =>
            text.replace(referencePattern, (_, braced: string | undefined, bare: string | undefined) => {
                const body = braced ?? bare;
                if (body === undefined) {
                    throw malformed("…");
                }
                return read(parseReference(body), principalId);
            }),
    };
}

function findVault(vaults: VaultContents[], { vault: wanted, secret }: SecretAddress): VaultContents {
    const found = vaults.find((vault) =>
        "name" in wanted
            ? vault.name.toLowerCase() === wanted.name.toLowerCase()
            : vault.addresses.some((address) => new URL(address).origin === wanted.origin),
    );
    if (found === undefined) {
        const known = vaults.map((vault) => `"${vault.name}" at ${vault.uri}`).join(", ") || "none";
        const named = "name" in wanted ? `"${wanted.name}"` : `at ${wanted.origin}`;
        throw new SecretReferenceError(
            `Key Vault reference to secret "${secret}" cannot be read: there is no vault ${named}. Vaults: ${known}.`,
        );
    }
    return found;
}
