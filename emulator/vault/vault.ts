import type { ServerResponse } from "node:http";
import { join } from "node:path";
import type { Clock } from "../core/clock";
import { BodyTooLargeError, sendJson } from "../core/http";
import type { Log } from "../core/log";
import { openServer, type ServerSettings } from "../core/server";
import type { Tls } from "../core/tls/trust";
import { AuthorizationError, type Identity, vaultAudience, vaultDomain } from "../identity";
import { serveSecrets } from "./dataPlane";
import { heldVaultName, openDeletedVaults } from "./deletedVaults";
import { VaultError } from "./errors";
import type { VaultContents } from "./references";
import { badParameter, checkSecretName, checkSecretValue, checkVaultName } from "./rules";
import { latestVersion, openSecretStore, versionUri } from "./secrets";
import type { Vault } from "./types";

export interface OpenVaultOptions {
    id: string;
    name: string;
    port?: number;
    /** Folder with the files of all vaults. */
    folder: string;
    clock: Clock;
    log: Log;
    identity: Identity;
    tls?: Tls;
    servers?: ServerSettings;
    /** Whether a deleted secret or vault keeps its name, as on Azure. */
    softDelete: boolean;
    /** Whether a deleted vault of this name is taken back with its secrets. Defaults to false. */
    recover?: boolean;
    /** Whether a deleted secret, or the deleted vault, cannot be purged. Defaults to false. */
    purgeProtection?: boolean;
    /** Days for which the removed vault keeps its name. Defaults to 90. */
    retentionDays?: number;
    /** Why the vault's network keeps a principal out; undefined lets it in. Defaults to an open network. */
    networkFault?(principalId: string): string | undefined;
}

/** Opens a vault with its stored secrets, and serves it. */
export async function openVault(options: OpenVaultOptions): Promise<Vault & VaultContents> {
    const { id, name, identity, clock, log, softDelete, purgeProtection = false, retentionDays = 90 } = options;
    checkVaultName(name);
    const deletedVaults = openDeletedVaults(options);
    const past = deletedVaults.find(name);
    const isHeld = softDelete && past?.isHeld === true;
    if (past !== undefined && isHeld && options.recover !== true) {
        throw heldVaultName(name, past);
    }
    const store = openSecretStore({ path: join(options.folder, `${name.toLowerCase()}.json`), clock, softDelete });
    if (past !== undefined && !isHeld) {
        store.deleteAll();
    }
    const server = await openServer({
        port: options.port,
        settings: options.servers,
        log: (level, message) => log({ level, source: name, message }),
        async request(request, response) {
            try {
                const body = await serveSecrets(dataPlane, request);
                body === undefined ? response.writeHead(204).end() : sendJson(response, { status: 200, body });
            } catch (error) {
                const answer = answerFor(error);
                // A missing role is the most common mistake, so it is logged as well as answered.
                if (answer.status === 403 || answer.status === 500) {
                    log({ level: "warning", source: name, message: `${request.method} secret: ${answer.message}` });
                }
                sendVaultError({ response, error: answer, resource: challengedResource(request.headers.host) });
            }
        },
    });
    const { port } = server;
    deletedVaults.forget(name);
    const uri = options.tls?.isDefault
        ? `https://${name.toLowerCase()}.${vaultDomain}:${port}/`
        : `http://localhost:${port}/`;
    const { networkFault } = options;
    const network = networkFault === undefined ? {} : { networkFault };
    const dataPlane = { id, name, uri, store, identity, softDelete, purgeProtection, ...network };

    return {
        id,
        name,
        uri,
        addresses: [uri, `http://localhost:${port}/`, `https://localhost:${port}/`],
        port,
        store,
        ...network,
        setSecret(secretName, value) {
            checkSecretName(secretName);
            checkSecretValue(value);
            const existing = store.get(secretName);
            const kept = existing === undefined ? undefined : latestVersion(existing);
            const version = kept?.value === value && kept.enabled ? kept : store.add(secretName, { value });
            const secret = store.get(secretName)!;
            return { id: versionUri(dataPlane.uri, { secret, version }), version: version.version };
        },
        deleteSecret: (secretName) => void store.delete(secretName),
        listSecretNames: () => store.list().map((secret) => secret.name),
        close: server.close,
        async remove() {
            await server.close();
            softDelete
                ? deletedVaults.add(name, { retentionDays, purgeProtected: purgeProtection })
                : store.deleteAll();
        },
    };
}

function answerFor(error: unknown): VaultError {
    if (error instanceof VaultError) {
        return error;
    }
    if (error instanceof AuthorizationError && error.status === 403) {
        const message = `Caller is not authorized to perform action on resource: ${error.message}`;
        return new VaultError({ status: 403, code: "Forbidden", innerCode: "ForbiddenByRbac", message });
    }
    if (error instanceof AuthorizationError) {
        return new VaultError({ status: 401, code: "Unauthorized", message: error.message });
    }
    if (error instanceof BodyTooLargeError) {
        return badParameter(error.message);
    }
    return new VaultError({ status: 500, code: "InternalServerError", message: String(error) });
}

/**
 * Audience that a caller without a token is told to use. SDKs refuse one that is not the parent of the vault's host, so the
 * domain of vaults on this machine has an audience of its own. Python's SDK compares the ports as well.
 */
function challengedResource(host = ""): string {
    const local = new RegExp(`\\.${vaultDomain}(:\\d+)?$`, "i").exec(host);
    return local === null ? vaultAudience : `https://${vaultDomain}${local[1] ?? ""}`;
}

function sendVaultError({
    response,
    error,
    resource,
}: {
    response: ServerResponse;
    error: VaultError;
    resource: string;
}): void {
    const innererror = error.innerCode === undefined ? {} : { innererror: { code: error.innerCode } };
    sendJson(response, {
        status: error.status,
        body: { error: { code: error.code, message: error.message, ...innererror } },
        headers:
            error.status === 401
                ? {
                      "WWW-Authenticate": `Bearer authorization="https://login.microsoftonline.com/emulator", resource="${resource}"`,
                  }
                : {},
    });
}
