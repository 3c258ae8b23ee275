import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { type Clock, systemClock } from "./core/clock";
import { messageOf } from "./core/errors";
import { guardClock } from "./core/guard";
import type { Log } from "./core/log";
import { trackOpenResources } from "./core/openResources";
import type { ServerSettings } from "./core/server";
import type { CoreServices } from "./core/services";
import type { AzureTiming } from "./core/timing";
import type { Authority } from "./core/tls/authority";
import type { Tls } from "./core/tls/trust";
import type { FunctionApp, FunctionAppOptions, FunctionsHost } from "./functions";
import { type Identity, openIdentity } from "./identity";
import type { Inspector, InspectorOptions } from "./inspect";
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
    /** Port of the debugger of the first function app; each further app has the next one. While it is given, no call times out. Defaults to no debugger. */
    inspectPort?: number;
    /** Host of the function apps: `auto` leaves only other runtimes than node to `func`, the Azure Functions Core Tools. Defaults to `auto`. */
    functionsHost?: FunctionsHost;
    /**
     * Whether the addresses that resources give out are https, as on Azure. Every port serves http and https either way, with
     * a certificate of an authority that is kept in the folder. Defaults to false.
     */
    https?: boolean;
    /**
     * Values of the Host header that servers accept besides localhost, `*.localhost`, 127.0.0.1 and [::1]: a name, or a
     * name with a port. A request for another host is answered with 421. Defaults to none.
     */
    allowedHosts?: readonly string[];
    /** Serves a page that shows what happens. Defaults to none. */
    inspector?: InspectorOptions;
}

export interface VaultOptions {
    /** ARM id. */
    id: string;
    name: string;
    /** Defaults to a free port, which is also the fallback when the port is taken. */
    port?: number;
}

export interface KeyVaultOptions extends VaultOptions {
    /** Whether a deleted secret or vault cannot be purged; of effect with `azureTiming` only. Defaults to false. */
    purgeProtection?: boolean;
    /** Days for which the removed vault keeps its name; of effect with `azureTiming` only. Defaults to 90. */
    retentionDays?: number;
    /** Whether a deleted vault of this name is taken back; of effect with `azureTiming` only. Defaults to false. */
    recover?: boolean;
    /** Why the vault's network keeps a principal out; undefined lets it in. Defaults to an open network. */
    networkFault?(principalId: string): string | undefined;
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
    /** Opens the authority of this machine's https. It is made at the first call in a folder. */
    authority(): Promise<Authority>;
    references: SecretReferences;
    /** Undefined without the option `inspector`. */
    readonly inspector?: Inspector;
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
 * const emulator = await startEmulator({ folder: ".azure-realtime/dev" });
 * const vault = await emulator.openVault({ id: vaultId, name: "keys" });
 * await emulator.close();
 * ```
 */
export async function startEmulator(options: EmulatorOptions): Promise<Emulator> {
    const { folder, log = () => undefined, azureTiming } = options;
    const clock = guardClock(options.clock ?? systemClock, (error) =>
        log({ level: "error", source: "emulator", message: `A timer failed: ${messageOf(error)}` }),
    );
    // Only this user may enter the folder, because it holds secrets and account keys.
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const { allowedHosts = [] } = options;
    let opening: Promise<Authority> | undefined;
    const authority = () => {
        opening ??= loadAuthority().openAuthority({
            folder: join(folder, "tls"),
            names: allowedHosts,
            now: Date.now(),
        });
        return opening;
    };
    const tls: Tls = { authority, isDefault: options.https === true };
    const servers: ServerSettings = { leaf: async () => (await authority()).leaf, allowedHosts };
    const identity = await openIdentity({
        clock,
        roleDelayMilliseconds: azureTiming?.roleDelayMilliseconds,
        servers,
        log,
    });
    const vaults = new Map<string, VaultContents>();
    const references = createSecretReferences({ identity, vaults: () => vaults.values() });
    let { inspectPort } = options;
    const inspected = inspectPort !== undefined;
    const inspection = options.inspector && loadInspector().createInspection(options.inspector);
    const { recorder, probes, takeEvent, faults } = inspection ?? {};
    const core: CoreServices = {
        clock,
        log,
        identity,
        references,
        azureTiming,
        tls,
        servers,
        inspected,
        ...(recorder && { recorder }),
        ...(probes && { probes }),
        ...(takeEvent && { takeEvent }),
        ...(faults && { faults }),
    };
    const inspector = await inspection?.open({ clock, log, servers });
    const hostChoice = options.functionsHost === undefined ? {} : { functionsHost: options.functionsHost };
    const nextInspectPort = () => (inspectPort === undefined ? {} : { inspectPort: inspectPort++ });
    const resources = trackOpenResources();
    const storage = prepareStorage(join(folder, "storage"));
    let closing: Promise<void> | undefined;

    async function closeAll(): Promise<void> {
        try {
            await resources.closeAll();
        } finally {
            await inspector?.close();
            await storage.close();
            await identity.close();
        }
    }

    return {
        identity,
        authority,
        references,
        ...(inspector && { inspector }),
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
                start: () => loadFunctions().openFunctionApp({ ...nextInspectPort(), ...hostChoice, ...options }, core),
            }),
        warmUp() {
            loadBlobEngine();
            loadSocketIO();
            loadFunctions();
            // A failure shows where the authority is used.
            authority().catch(() => undefined);
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
const loadAuthority = () => require("./core/tls/authority") as typeof import("./core/tls/authority");
const loadInspector = () => require("./inspect") as typeof import("./inspect");
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
