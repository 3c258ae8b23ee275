import { randomUUID } from "node:crypto";
import { rmSync } from "node:fs";
import type { Clock } from "../core/clock";
import { readJsonFile, writePrivateJsonFile } from "../core/persistence";
import { notFound, VaultError } from "./errors";

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

export interface SecretStore {
    get(name: string): StoredSecret | undefined;
    /** Sorted by name. */
    list(): StoredSecret[];
    add(name: string, version: NewVersion): StoredVersion;
    /** Returns the deleted secret. */
    delete(name: string): StoredSecret | undefined;
    deleteAll(): void;
}

export type NewVersion = Pick<StoredVersion, "value" | "contentType" | "tags"> & { enabled?: boolean };

/** Stores the secrets of one vault in a file, so that their versions survive a restart. */
export function openSecretStore({ path, clock }: { path: string; clock: Clock }): SecretStore {
    const secrets = new Map(readSecrets(path).map((secret) => [secret.name.toLowerCase(), secret]));
    const save = () => writePrivateJsonFile(path, { secrets: [...secrets.values()] });

    return {
        get: (name) => secrets.get(name.toLowerCase()),
        list: () => [...secrets.values()].sort((a, b) => (a.name < b.name ? -1 : 1)),
        add(name, { enabled = true, ...rest }) {
            const key = name.toLowerCase();
            const secret = secrets.get(key) ?? { name, versions: [] };
            const version: StoredVersion = {
                ...rest,
                enabled,
                version: randomUUID().replaceAll("-", ""),
                created: Math.floor(clock.now() / 1000),
            };
            secret.versions.push(version);
            secrets.set(key, secret);
            save();
            return version;
        },
        delete(name) {
            const key = name.toLowerCase();
            const secret = secrets.get(key);
            if (secrets.delete(key)) {
                save();
            }
            return secret;
        },
        deleteAll() {
            secrets.clear();
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

function readSecrets(path: string): StoredSecret[] {
    const content = readJsonFile(path);
    return content === undefined ? [] : (content as { secrets: StoredSecret[] }).secrets;
}
