import { createServer, type ServerResponse } from "node:http";
import { join } from "node:path";
import type { Clock } from "../core/clock";
import { BodyTooLargeError, closeServer, listen, sendJson } from "../core/http";
import type { Log } from "../core/log";
import { AuthorizationError, type Identity } from "../identity";
import { serveSecrets, vaultAudience } from "./dataPlane";
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
    /** Whether a deleted secret or vault keeps its name, as on Azure. */
    softDelete: boolean;
    /** Whether a deleted vault of this name is taken back with its secrets. Defaults to false. */
    recover?: boolean;
    /** Whether a deleted secret cannot be purged. Defaults to false. */
    purgeProtection?: boolean;
}

/** Opens a vault with its stored secrets, and serves it. */
export async function openVault(options: OpenVaultOptions): Promise<Vault & VaultContents> {
    const { id, name, identity, clock, log, softDelete, purgeProtection = false } = options;
    checkVaultName(name);
    const deletedVaults = openDeletedVaults(options);
    const past = deletedVaults.state(name);
    const isHeld = softDelete && past === "held";
    if (isHeld && options.recover !== true) {
        throw heldVaultName(name);
    }
    const store = openSecretStore({ path: join(options.folder, `${name.toLowerCase()}.json`), clock, softDelete });
    if (past !== "free" && !isHeld) {
        store.deleteAll();
    }
    const server = createServer((request, response) => {
        serveSecrets(dataPlane, request)
            .then((body) =>
                body === undefined ? response.writeHead(204).end() : sendJson(response, { status: 200, body }),
            )
            .catch((error: unknown) => {
                const answer = answerFor(error);
                // A missing role is the most common mistake, so it is logged as well as answered.
                if (answer.status === 403 || answer.status === 500) {
                    log({ level: "warning", source: name, message: `${request.method} secret: ${answer.message}` });
                }
                sendVaultError(response, answer);
            });
    });
    const port = await listen(server, { port: options.port });
    deletedVaults.forget(name);
    const dataPlane = { id, name, uri: `http://localhost:${port}/`, store, identity, softDelete, purgeProtection };

    return {
        id,
        name,
        uri: dataPlane.uri,
        port,
        store,
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
        close: () => closeServer(server),
        async remove() {
            await closeServer(server);
            softDelete ? deletedVaults.add(name) : store.deleteAll();
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

function sendVaultError(response: ServerResponse, error: VaultError): void {
    const innererror = error.innerCode === undefined ? {} : { innererror: { code: error.innerCode } };
    sendJson(response, {
        status: error.status,
        body: { error: { code: error.code, message: error.message, ...innererror } },
        headers:
            error.status === 401
                ? {
                      "WWW-Authenticate": `Bearer authorization="https://login.microsoftonline.com/emulator", resource="${vaultAudience}"`,
                  }
                : {},
    });
}
