import { randomUUID } from "node:crypto";
import { rmSync } from "node:fs";
import type { Clock } from "../core/clock";
import { isRecord, readKeptJson, writePrivateJsonFile } from "../core/persistence";
import { heldName, notFound, VaultError } from "./errors";

export interface StoredVersion {
    version: string;
    value: string;
    enabled: boolean;
    /** Seconds since the epoch. */
    created: number;
    contentType?: string;
    tags?: Record<string, string>;
}

export interface StoredSecret {
    /** Spelled as in the first write. Names are compared without case. */
    name: string;
    /** Oldest first, never empty. */
    versions: StoredVersion[];
}

/** A deleted secret that still holds its name. */
export interface DeletedSecret extends StoredSecret {
    /** Seconds since the epoch. */
    deleted: number;
}

export interface SecretStore {
    get(name: string): StoredSecret | undefined;
    /** Sorted by name. */
    list(): StoredSecret[];
    /** Throws `VaultError` when a deleted secret holds the name. */
    add(name: string, version: NewVersion): StoredVersion;
    /** Deletes a secret for good, or in a store with soft delete for as long as it can be recovered. */
    delete(name: string): StoredSecret | undefined;
    getDeleted(name: string): DeletedSecret | undefined;
    /** Sorted by name. */
    listDeleted(): DeletedSecret[];
    recover(name: string): void;
    /** Frees the name of a deleted secret. */
    purge(name: string): void;
    deleteAll(): void;
}

export type NewVersion = Pick<StoredVersion, "value" | "contentType" | "tags"> & { enabled?: boolean };

/** Seconds that a deleted secret can be recovered. Source: the default of Key Vault's soft delete, 90 days. */
export const retentionSeconds = 90 * 24 * 3600;

export interface SecretStoreOptions {
    path: string;
    clock: Clock;
    /** Whether a deleted secret keeps its name, as on Azure. */
    softDelete: boolean;
}

/** Stores the secrets of one vault in a file, so that their versions survive a restart. */
export function openSecretStore({ path, clock, softDelete }: SecretStoreOptions): SecretStore {
    const stored = readSecrets(path);
    const secrets = byName(stored.secrets);
    const deleted = byName(softDelete ? (stored.deleted ?? []) : []);
    const now = () => Math.floor(clock.now() / 1000);
    const save = () =>
        writePrivateJsonFile(path, {
            secrets: [...secrets.values()],
            ...(deleted.size === 0 ? {} : { deleted: [...deleted.values()] }),
        });

    function getDeleted(name: string): DeletedSecret | undefined {
        const secret = deleted.get(name.toLowerCase());
        return secret === undefined || now() >= secret.deleted + retentionSeconds ? undefined : secret;
    }

    return {
        get: (name) => secrets.get(name.toLowerCase()),
        list: () => sortByName(secrets.values()),
        add(name, { enabled = true, ...rest }) {
            if (getDeleted(name) !== undefined) {
                throw heldName(name);
            }
            const key = name.toLowerCase();
            const secret = secrets.get(key) ?? { name, versions: [] };
            const version: StoredVersion = {
                ...rest,
                enabled,
                version: randomUUID().replaceAll("-", ""),
                created: now(),
            };
            secret.versions.push(version);
            secrets.set(key, secret);
            save();
            return version;
        },
        delete(name) {
            const key = name.toLowerCase();
            const secret = secrets.get(key);
            if (secret !== undefined) {
                secrets.delete(key);
                if (softDelete) {
                    deleted.set(key, { ...secret, deleted: now() });
                }
                save();
            }
            return secret;
        },
        getDeleted,
        listDeleted: () => sortByName(deleted.values()).filter(({ name }) => getDeleted(name) !== undefined),
        recover(name) {
            const secret = getDeleted(name);
            if (secret !== undefined) {
                deleted.delete(name.toLowerCase());
                secrets.set(name.toLowerCase(), { name: secret.name, versions: secret.versions });
                save();
            }
        },
        purge(name) {
            if (deleted.delete(name.toLowerCase())) {
                save();
            }
        },
        deleteAll() {
            secrets.clear();
            deleted.clear();
            rmSync(path, { force: true });
        },
    };
}

/** A version and its secret. */
export interface VersionOf {
    secret: StoredSecret;
    version: StoredVersion;
}

export function versionUri(vaultUri: string, { secret, version }: VersionOf): string {
    return `${vaultUri}secrets/${secret.name}/${version.version}`;
}

/** The requested version, or the latest. Throws `VaultError` when it does not exist or is disabled. */
export function readableVersion(secret: StoredSecret, version: string | undefined): StoredVersion {
    const found =
        version === undefined
            ? latestVersion(secret)
            : secret.versions.find((candidate) => candidate.version === version);
    if (found === undefined) {
        throw notFound(`${secret.name}/${version}`);
    }
    if (!found.enabled) {
        const message = "Operation get is not allowed on a disabled secret.";
        throw new VaultError({ status: 403, code: "Forbidden", message, innerCode: "SecretDisabled" });
    }
    return found;
}

export function latestVersion(secret: StoredSecret): StoredVersion {
    return secret.versions[secret.versions.length - 1]!;
}

interface StoredSecrets {
    secrets: StoredSecret[];
    deleted?: DeletedSecret[];
}

function readSecrets(path: string): StoredSecrets {
    const wayOut = "Delete the file to start with an empty vault: the next update writes the program's secrets again.";
    return readKeptJson<StoredSecrets>({ path, faultOf, wayOut }) ?? { secrets: [] };
}

function faultOf(content: unknown): string | undefined {
    if (!isRecord(content) || !Array.isArray(content.secrets)) {
        return 'it has no list "secrets"';
    }
    const all: unknown[] = [content.secrets, content.deleted ?? []].flat();
    return all.every(isSecret) ? undefined : "one of its secrets has no name or no version with a value";
}

function isSecret(secret: unknown): boolean {
    return (
        isRecord(secret) &&
        typeof secret.name === "string" &&
        Array.isArray(secret.versions) &&
        secret.versions.length > 0 &&
        secret.versions.every(
            (version) => isRecord(version) && typeof version.version === "string" && typeof version.value === "string",
        )
    );
}

function byName<S extends StoredSecret>(list: readonly S[]): Map<string, S> {
    return new Map(list.map((secret) => [secret.name.toLowerCase(), secret]));
}

function sortByName<S extends StoredSecret>(list: Iterable<S>): S[] {
    return [...list].sort((a, b) => (a.name < b.name ? -1 : 1));
}
