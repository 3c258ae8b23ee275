import path from "node:path";
import type { HostConfig } from "../../messages";
import { createBlobClient } from "../blob";
import type { Settings } from "../settings";
import { createBlobStore } from "./blobStore";
import { createFileStore } from "./fileStore";
import type { KeyStore } from "./store";
import { createVaultStore } from "./vaultStore";

export interface StoreOptions {
    settings: Settings;
    config: Pick<HostConfig, "stateFolder" | "hostName">;
    token: (request: { resource: string; clientId?: string }) => Promise<string>;
    fetch: typeof fetch;
    now: () => number;
}

const storageResource = "https://storage.azure.com";
const vaultResource = "https://vault.azure.net";

/** Opens the key store that the settings select, in the host's order of precedence. Throws when they select none that works. */
export function openKeyStore(options: StoreOptions): KeyStore {
    const type = options.settings.get("AzureWebJobsSecretStorageType")?.toLowerCase();
    switch (type) {
        case "files":
            return openFiles(options);
        case "keyvault":
            return openVault(options);
        case undefined:
        case "":
        case "blob":
            return openBlobs(options);
        default:
            throw new Error(
                `App setting AzureWebJobsSecretStorageType is '${type}'. This host supports 'keyvault', 'blob' and 'files'.`,
            );
    }
}

function openFiles({ config }: StoreOptions): KeyStore {
    return createFileStore({ folder: path.join(config.stateFolder, "secrets"), hostName: config.hostName });
}

function openVault({ settings, token, fetch }: StoreOptions): KeyStore {
    const vaultUri = settings.get("AzureWebJobsSecretStorageKeyVaultUri");
    if (vaultUri === undefined || vaultUri === "") {
        throw new Error(
            "AzureWebJobsSecretStorageType is 'keyvault', so app setting AzureWebJobsSecretStorageKeyVaultUri must be the vault's URI. It is not set.",
        );
    }
    const clientId = settings.get("AzureWebJobsSecretStorageKeyVaultClientId");
    return createVaultStore({ vaultUri, fetch, token: () => token({ resource: vaultResource, ...named(clientId) }) });
}

function openBlobs(options: StoreOptions): KeyStore {
    const { settings, config, fetch, now, token } = options;
    const siteName = settings.get("WEBSITE_SITE_NAME") ?? "localhost";
    const connection = settings.get("AzureWebJobsStorage");
    if (connection !== undefined && connection !== "") {
        if (/UseDevelopmentStorage\s*=\s*true/i.test(connection)) {
            return openFiles(options);
        }
        const { endpoint, account, key } = parseStorageConnection(connection);
        const blobs = createBlobClient({ endpoint, credential: { account, key }, fetch, now });
        return createBlobStore({ blobs, siteName, hostName: config.hostName });
    }
    const section = settings.section("AzureWebJobsStorage");
    const endpoint =
        section.blobserviceuri ??
        (section.accountname === undefined ? undefined : `https://${section.accountname}.blob.core.windows.net`);
    if (endpoint === undefined) {
        throw new Error(
            "App setting 'AzureWebJobsStorage' connection string is not set or invalid: host keys are kept there. Set AzureWebJobsStorage__blobServiceUri, AzureWebJobsStorage, or AzureWebJobsSecretStorageType.",
        );
    }
    const credential = { token: () => token({ resource: storageResource, ...named(section.clientid) }) };
    const blobs = createBlobClient({ endpoint, credential, fetch, now });
    return createBlobStore({ blobs, siteName, hostName: config.hostName });
}

function named(clientId: string | undefined): { clientId?: string } {
    return clientId === undefined || clientId === "" ? {} : { clientId };
}

function parseStorageConnection(text: string): { endpoint: string; account: string; key: string } {
    const parts = new Map<string, string>();
    for (const part of text.split(";")) {
        const equals = part.indexOf("=");
        if (equals > 0) {
            parts.set(part.slice(0, equals).trim().toLowerCase(), part.slice(equals + 1).trim());
        }
    }
    const account = parts.get("accountname");
    const key = parts.get("accountkey");
    if (account === undefined || key === undefined) {
        throw new Error(
            "App setting 'AzureWebJobsStorage' connection string is not set or invalid: it must have AccountName and AccountKey.",
        );
    }
    const protocol = parts.get("defaultendpointsprotocol") ?? "https";
    const suffix = parts.get("endpointsuffix") ?? "core.windows.net";
    return { account, key, endpoint: parts.get("blobendpoint") ?? `${protocol}://${account}.blob.${suffix}` };
}
