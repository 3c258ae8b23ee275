import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { type Clock, systemClock } from "./core/clock";
import type { Log } from "./core/log";
import { trackOpenResources } from "./core/openResources";
import type { CoreServices } from "./core/services";
import type { AzureTiming } from "./core/timing";
import type { FunctionApp, FunctionAppOptions } from "./functions";
import { type Identity, openIdentity } from "./identity";
import type { SignalRService, SignalRServiceOptions } from "./signalr";
import type { RealtimeService, RealtimeServiceOptions } from "./socketio";
import {
    type AccountKeys,
    type BlobEngine,
    loadBlobEngine,
    openAccountKeys,
    openBlobEngine,
    openStorageAccount,
    type StorageAccount,
} from "./storage";
import { createSecretReferences, openVault, type SecretReferences, type Vault, type VaultContents } from "./vault";

export interface EmulatorOptions {
    /** Folder for data that survives a restart: vault secrets, blobs, keys. */
    folder: string;
    /** Defaults to the system's clock. */
    clock?: Clock;
    /** Defaults to no log. */
    log?: Log;
    /** Lets roles and secrets act as late as on Azure, and deleted vaults and secrets keep their names. By default every change is in force at once. */
    azureTiming?: AzureTiming;
}

export interface VaultOptions {
    /** ARM id. */
    id: string;
    name: string;
    /** Defaults to a free port, which is also the fallback when the port is taken. */
    port?: number;
}

export interface KeyVaultOptions extends VaultOptions {
    /** Whether a deleted secret cannot be purged; of effect with `azureTiming` only. Defaults to false. */
    purgeProtection?: boolean;
    /** Whether a deleted vault of this name is taken back; of effect with `azureTiming` only. Defaults to false. */
    recover?: boolean;
}

export interface StorageAccountOptions extends VaultOptions {
    /** Account key, base64. Defaults to the key stored in the folder, or else to a random one. */
    key?: string;
    /** Whether requests signed with the account key are accepted. Defaults to true. */
    allowSharedKeyAccess?: boolean;
}

/** A local Azure: the data planes. It does not know how resources are declared. */
export interface Emulator {
    identity: Identity;
    references: SecretReferences;
    openVault(options: KeyVaultOptions): Promise<Vault>;
    openStorageAccount(options: StorageAccountOptions): Promise<StorageAccount>;
    openSocketIOService(options: RealtimeServiceOptions): Promise<RealtimeService>;
    openWebPubSubService(options: RealtimeServiceOptions): Promise<RealtimeService>;
    openSignalRService(options: SignalRServiceOptions): Promise<SignalRService>;
    openFunctionApp(options: FunctionAppOptions): Promise<FunctionApp>;
    /** Loads the code of the common resources in advance. Call it while the program waits for something else. */
    warmUp(): void;
    /** Closes all open resources, last opened first. Stored data stays in the folder. */
    close(): Promise<void>;
}

/**
 * Starts a local Azure. Each resource opens its own port on this machine's loopback; nothing else listens.
 *
 * ```ts
 * const emulator = await startEmulator({ folder: ".local/dev" });
 * const vault = await emulator.openVault({ id: vaultId, name: "keys" });
 * await emulator.close();
 * ```
 */
export async function startEmulator(options: EmulatorOptions): Promise<Emulator> {
    const { folder, clock = systemClock, log = () => undefined, azureTiming } = options;
    // Only this user may enter the folder, because it holds secrets and account keys.
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const identity = await openIdentity({ clock, roleDelayMilliseconds: azureTiming?.roleDelayMilliseconds });
    const vaults = new Map<string, VaultContents>();
    const references = createSecretReferences({ identity, vaults: () => vaults.values() });
    const core: CoreServices = { clock, log, identity, references, azureTiming };
    const resources = trackOpenResources();
    const storage = prepareStorage(join(folder, "storage"));
    let closing: Promise<void> | undefined;

    async function closeAll(): Promise<void> {
        try {
            await resources.closeAll();
        } finally {
            await storage.close();
            await identity.close();
        }
    }

    return {
        identity,
        references,
        openVault: (options) => {
            const key = options.id.toLowerCase();
            return resources.open({
                id: options.id,
                async start() {
                    const vault = await openVault({
                        ...options,
                        ...core,
                        folder: join(folder, "vaults"),
                        softDelete: azureTiming !== undefined,
                    });
                    vaults.set(key, vault);
                    return vault;
                },
                onClose: () => void vaults.delete(key),
            });
        },
        openStorageAccount: (options) =>
            resources.open({
                id: options.id,
                start: async () => openStorageAccount({ ...options, ...core, ...(await storage.open()) }),
            }),
        openSocketIOService: (options) =>
            resources.open({
                id: options.id,
                start: () => loadSocketIO().openSocketIOService(options, core),
            }),
        openWebPubSubService: (options) =>
            resources.open({
                id: options.id,
                start: () => loadWebPubSub().openWebPubSubService(options, core),
            }),
        openSignalRService: (options) =>
            resources.open({
                id: options.id,
                start: () => loadSignalR().openSignalRService(options, core),
            }),
        openFunctionApp: (options) =>
            resources.open({
                id: options.id,
                start: () => loadFunctions().openFunctionApp(options, core),
            }),
        warmUp() {
            loadBlobEngine();
            loadSocketIO();
            loadFunctions();
        },
        close() {
            closing ??= closeAll();
            return closing;
        },
    };
}

// Each kind is loaded on first use, so that a vault alone does not wait for Engine.IO. A dynamic import would not find .ts files.
const loadSocketIO = () => require("./socketio") as typeof import("./socketio");
const loadWebPubSub = () => require("./webpubsub") as typeof import("./webpubsub");
const loadSignalR = () => require("./signalr") as typeof import("./signalr");
const loadFunctions = () => require("./functions") as typeof import("./functions");

interface Storage {
    open(): Promise<{ engine: BlobEngine; keys: AccountKeys }>;
    close(): Promise<void>;
}

/** All accounts share one blob engine and one key file, which are opened with the first account. */
function prepareStorage(folder: string): Storage {
    let engine: Promise<BlobEngine> | undefined;
    let keys: AccountKeys | undefined;
    return {
        async open() {
            engine ??= openBlobEngine({ folder }).catch((error: unknown) => {
                engine = undefined;
                throw error;
            });
            keys ??= openAccountKeys({ path: join(folder, "keys.json") });
            return { engine: await engine, keys };
        },
        close: async () => (await engine)?.close(),
    };
}
