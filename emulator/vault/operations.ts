import type { IncomingMessage } from "node:http";
import { readBody } from "../core/http";
import type { Identity, RoleName } from "../identity";
import { notFound } from "./errors";
import { parseNewVersion, parsePage } from "./rules";
import {
    type DeletedSecret,
    latestVersion,
    readableVersion,
    retentionSeconds,
    type SecretStore,
    type VersionOf,
    versionUri,
} from "./secrets";

/** The parts of a vault that its data plane uses. */
export interface DataPlane {
    /** ARM id of the vault. */
    id: string;
    name: string;
    uri: string;
    store: SecretStore;
    identity: Identity;
    /** Whether a deleted secret keeps its name. */
    softDelete: boolean;
    /** Whether a deleted secret cannot be purged. */
    purgeProtection: boolean;
    /** Why the vault's network keeps a principal out; undefined lets it in. */
    networkFault?(principalId: string): string | undefined;
}

export interface SecretRequest {
    vault: DataPlane;
    name: string;
    version: string | undefined;
    url: URL;
    request: IncomingMessage;
}

/** An operation of the secrets API: its request, the roles of which the caller needs one, and its answer. */
export interface SecretOperation {
    method: "GET" | "PUT" | "DELETE" | "POST";
    /** Path; parts in braces match anything. The first operation that matches is used. */
    path: string;
    anyRole: readonly RoleName[];
    /** The body of the answer; undefined for a 204. */
    run(request: SecretRequest): unknown;
}

/** Roles that may read secrets, here and through references. */
export const readers: readonly RoleName[] = ["keyVaultSecretsUser", "keyVaultSecretsOfficer"];
export const writers: readonly RoleName[] = ["keyVaultSecretsOfficer"];

/** Longest request body in bytes: a secret of the greatest length, escaped, and its tags. */
const bodyLimit = 256 * 1024;

/** The supported operations, without those for deleted secrets. All others are refused by name. */
export const secretOperations: readonly SecretOperation[] = [
    { method: "GET", path: "/secrets", anyRole: readers, run: listSecrets },
    { method: "GET", path: "/secrets/{name}/versions", anyRole: readers, run: listVersions },
    { method: "GET", path: "/secrets/{name}", anyRole: readers, run: getSecret },
    { method: "GET", path: "/secrets/{name}/{version}", anyRole: readers, run: getSecret },
    { method: "PUT", path: "/secrets/{name}", anyRole: writers, run: setSecret },
    { method: "DELETE", path: "/secrets/{name}", anyRole: writers, run: deleteSecret },
];

function listSecrets({ vault, url }: SecretRequest) {
    const items = vault.store.list().map((secret) => ({
        ...versionItem(vault, { secret, version: latestVersion(secret) }),
        id: `${vault.uri}secrets/${secret.name}`,
    }));
    return page({ items, url });
}

function listVersions(request: SecretRequest) {
    const { vault, url } = request;
    const secret = find(request);
    return page({ items: secret.versions.map((version) => versionItem(vault, { secret, version })), url });
}

function getSecret(request: SecretRequest) {
    const secret = find(request);
    return bundle(request.vault, { secret, version: readableVersion(secret, request.version) });
}

async function setSecret(request: SecretRequest) {
    const { vault, name } = request;
    const version = vault.store.add(name, parseNewVersion(await readBody(request.request, bodyLimit)));
    return bundle(vault, { secret: find(request), version });
}

function deleteSecret(request: SecretRequest) {
    const { vault, name } = request;
    const secret = find(request);
    vault.store.delete(name);
    const deleted = vault.store.getDeleted(name);
    return deleted === undefined
        ? versionItem(vault, { secret, version: latestVersion(secret) })
        : deletedItem(vault, deleted);
}

function find({ vault, name }: SecretRequest) {
    const secret = vault.store.get(name);
    if (secret === undefined) {
        throw notFound(name);
    }
    return secret;
}

function bundle(vault: DataPlane, found: VersionOf) {
    return { value: found.version.value, ...versionItem(vault, found) };
}

/** A deleted secret as the API shows it. SDKs wait for its end by its `recoveryId`. */
export function deletedItem(vault: DataPlane, secret: DeletedSecret) {
    return {
        ...versionItem(vault, { secret, version: latestVersion(secret) }),
        recoveryId: `${vault.uri}deletedsecrets/${secret.name}`,
        deletedDate: secret.deleted,
        scheduledPurgeDate: secret.deleted + retentionSeconds,
    };
}

export function versionItem(vault: DataPlane, found: VersionOf) {
    const { enabled, created, contentType, tags } = found.version;
    return {
        id: versionUri(vault.uri, found),
        attributes: { enabled, created, updated: created, recoveryLevel: recoveryLevel(vault) },
        contentType,
        tags,
    };
}

function recoveryLevel({ softDelete, purgeProtection }: DataPlane): string {
    const kept = purgeProtection ? "Recoverable" : "Recoverable+Purgeable";
    return softDelete ? kept : "Purgeable";
}

export function page({ items, url }: { items: unknown[]; url: URL }): { value: unknown[]; nextLink: string | null } {
    const { start, end } = parsePage(url.searchParams);
    const next = new URL(url);
    next.searchParams.set("$skiptoken", String(end));
    return { value: items.slice(start, end), nextLink: end < items.length ? next.href : null };
}
