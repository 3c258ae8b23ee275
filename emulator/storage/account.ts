import type { Clock } from "../core/clock";
import type { Log } from "../core/log";
import { openServer, type ServerSettings } from "../core/server";
import type { Tls } from "../core/tls/trust";
import type { Identity } from "../identity";
import { createControlPlane } from "./controlPlane";
import type { BlobEngine } from "./engine";
import { StorageError, sendStorageError } from "./errors";
import { createGateway } from "./gateway";
import type { AccountKeys } from "./keys";
import { signServiceSas } from "./serviceSas";
import type { StorageAccount } from "./types";

export interface OpenAccountOptions {
    id: string;
    name: string;
    port?: number;
    key?: string;
    allowSharedKeyAccess?: boolean;
    engine: BlobEngine;
    keys: AccountKeys;
    identity: Identity;
    tls?: Tls;
    servers?: ServerSettings;
    clock: Clock;
    log: Log;
}

/** Opens an account with its stored containers and blobs, and serves it. */
export async function openStorageAccount(options: OpenAccountOptions): Promise<StorageAccount> {
    const { id, name, engine, keys } = options;
    checkAccountName(name);
    if (options.key !== undefined) {
        checkAccountKey(options.key);
        keys.set(name, options.key);
    }
    const key = keys.get(name);
    let allowSharedKeyAccess = options.allowSharedKeyAccess ?? true;
    engine.setAccount(name, key);
    const gateway = createGateway({
        account: { id, name, key },
        engine,
        identity: options.identity,
        clock: options.clock,
        log: options.log,
        allowSharedKeyAccess: () => allowSharedKeyAccess,
    });
    const server = await openServer({
        port: options.port,
        settings: options.servers,
        log: (level, message) => options.log({ level, source: name, message }),
        request: gateway.listener,
        sendFault: (response, { status, message }) =>
            sendStorageError(response, new StorageError({ status, code: "InvalidUri", message })),
    });
    const { port } = server;
    const control = createControlPlane({ account: name, port, secret: gateway.controlSecret, flush: engine.flush });

    function requireKeyAccess(what: string): void {
        if (!allowSharedKeyAccess) {
            throw new Error(
                `${what} needs the key of storage account "${name}", and its allowSharedKeyAccess is false. ` +
                    "Use an account that allows its key, or an identity with a data role.",
            );
        }
    }

    return {
        id,
        name,
        key,
        port,
        blobEndpoint: `${options.tls?.isDefault ? "https" : "http"}://localhost:${port}/${name}/`,
        createContainer: control.createContainer,
        deleteContainer: control.deleteContainer,
        async putBlob(upload) {
            requireKeyAccess(`Uploading blob "${upload.container}/${upload.name}"`);
            await control.putBlob(upload);
        },
        async deleteBlob(address) {
            requireKeyAccess(`Deleting blob "${address.container}/${address.name}"`);
            await control.deleteBlob(address);
        },
        serviceSas: (request) => signServiceSas({ ...request, account: name, key }),
        update: (changes) => {
            allowSharedKeyAccess = changes.allowSharedKeyAccess;
        },
        close: server.close,
        async remove() {
            for (const container of await control.listContainers()) {
                await control.deleteContainer(container);
            }
            await server.close();
            engine.removeAccount(name);
            keys.delete(name);
        },
    };
}

/** Source: Azure's naming rules for `Microsoft.Storage/storageAccounts`. */
function checkAccountName(name: string): void {
    if (!/^[a-z0-9]{3,24}$/.test(name)) {
        throw new RangeError(`Storage account name "${name}" is not valid. Use 3 to 24 lower case letters and digits.`);
    }
}

function checkAccountKey(key: string): void {
    if (key === "" || Buffer.from(key, "base64").toString("base64") !== key) {
        throw new RangeError("The storage account key is not valid. It must be base64.");
    }
}
