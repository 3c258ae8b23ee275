import { closeSync, mkdirSync } from "node:fs";
import type { RequestListener } from "node:http";
import { join } from "node:path";
import { isRecord, readKeptJson } from "../core/persistence";

/** Azurite's blob service without its server. */
export interface BlobEngine {
    listener: RequestListener;
    setAccount(name: string, key: string): void;
    removeAccount(name: string): void;
    /** Resolves when all writes are on disk. Azurite itself saves only every five seconds. */
    flush(): Promise<void>;
    close(): Promise<void>;
}

// Azurite ships no types. These interfaces hold the parts of its classes that are used here.
interface Database {
    saveDatabase(callback: (error?: Error) => void): void;
}
interface Store {
    init(): Promise<void>;
    close(): Promise<void>;
}
interface MetadataStore extends Store {
    db: Database;
}
interface ExtentStore extends Store {
    activeWriteExtents: { fd?: number }[];
}
interface GarbageCollector {
    start(): Promise<void>;
    close(): Promise<void>;
}
interface ListenerFactory {
    createRequestListener(): RequestListener;
}
interface AccountStore {
    getAccount(name: string): { name: string; key1: Buffer } | undefined;
}
type Constructor<T> = new (...args: readonly unknown[]) => T;

/** Loads Azurite in advance, which takes about half a second. Otherwise the first engine loads it. */
export function loadBlobEngine(): void {
    load("blob/BlobRequestListenerFactory");
}

/** Starts the blob service over a folder. */
export async function openBlobEngine({ folder }: { folder: string }): Promise<BlobEngine> {
    mkdirSync(folder, { recursive: true });
    const files = { blobs: join(folder, "blobs.json"), extents: join(folder, "extents.json") };
    Object.values(files).forEach(checkDatabase);
    const logger: unknown = load("common/Logger");
    const metadata = new (load<Constructor<MetadataStore>>("blob/persistence/LokiBlobMetadataStore"))(
        files.blobs,
        false,
    );
    const extentMetadata = new (load<Constructor<MetadataStore>>("common/persistence/LokiExtentMetadataStore"))(
        files.extents,
        false,
    );
    const extents = new (load<Constructor<ExtentStore>>("common/persistence/FSExtentStore"))(
        extentMetadata,
        [{ locationId: "Default", locationPath: join(folder, "extents"), maxConcurrency: 4 }],
        logger,
    );
    const collector = new (load<Constructor<GarbageCollector>>("blob/gc/BlobGCManager"))(
        metadata,
        extentMetadata,
        extents,
        () => undefined,
        logger,
    );
    // Replaces Azurite's account store, which reads AZURITE_ACCOUNTS from this process's environment again and again.
    const keys = new Map<string, Buffer>();
    const accounts: AccountStore = {
        getAccount: (name) => {
            const key1 = keys.get(name);
            return key1 === undefined ? undefined : { name, key1 };
        },
    };
    const factory = createListenerFactory({ metadata, extents, accounts });

    await metadata.init();
    await extentMetadata.init();
    await extents.init();
    await collector.start();

    async function flush(): Promise<void> {
        await Promise.all([save(metadata.db), save(extentMetadata.db)]);
    }

    return {
        listener: factory.createRequestListener(),
        setAccount: (name, key) => void keys.set(name, Buffer.from(key, "base64")),
        removeAccount: (name) => void keys.delete(name),
        flush,
        async close() {
            await collector.close();
            // Closing a store does not wait for a running save, so save first.
            await flush();
            await extents.close();
            await metadata.close();
            closeFiles(extents);
        },
    };
}

/** Throws a `FileError` for a file that Azurite would take for an empty one, or refuse without naming the file. */
function checkDatabase(path: string): void {
    const wayOut = "The stored blobs are lost: run `azure-realtime down` (or `pulumi destroy`), and start again.";
    readKeptJson({ path, faultOf: databaseFault, wayOut });
}

function databaseFault(value: unknown): string | undefined {
    const collections = isRecord(value) ? value.collections : undefined;
    if (!Array.isArray(collections) || collections.length === 0) {
        return "it has no collections";
    }
    const isWhole = (one: unknown) => isRecord(one) && typeof one.name === "string" && Array.isArray(one.data);
    return collections.every(isWhole) ? undefined : "one of its collections has no name or no data";
}

function createListenerFactory(options: {
    metadata: MetadataStore;
    extents: ExtentStore;
    accounts: AccountStore;
}): ListenerFactory {
    const enableAccessLog = false;
    const accessLog = undefined;
    const loose = false;
    // Newer SDKs send versions that this Azurite does not know.
    const skipApiVersionCheck = true;
    const oauth = undefined;
    const pathStyleOnly = true;
    return new (load<Constructor<ListenerFactory>>("blob/BlobRequestListenerFactory"))(
        options.metadata,
        options.extents,
        options.accounts,
        enableAccessLog,
        accessLog,
        loose,
        skipApiVersionCheck,
        oauth,
        pathStyleOnly,
    );
}

const missing = "Storage on this machine needs the package azurite: npm install --save-dev azurite";

/** Says that Azurite is not installed, without loading it; undefined when it is. */
export function missingAzurite(): string | undefined {
    try {
        require.resolve("azurite/package.json");
        return undefined;
    } catch {
        return missing;
    }
}

/** Loads one of Azurite's modules. The package's own entry would start telemetry and three servers. */
function load<T>(module: string): T {
    try {
        return (require(`azurite/dist/src/${module}`) as { default: T }).default;
    } catch (error) {
        if (error instanceof Error && error.message.startsWith("Cannot find module 'azurite/")) {
            throw new Error(missing);
        }
        throw error;
    }
}

function save(database: Database): Promise<void> {
    return new Promise((resolve, reject) => {
        database.saveDatabase((error) => (error == null ? resolve() : reject(error)));
    });
}

/** Closes the files that Azurite appends to, because Azurite leaves them open. */
function closeFiles(extents: ExtentStore): void {
    for (const extent of extents.activeWriteExtents) {
        if (extent.fd !== undefined) {
            closeSync(extent.fd);
            extent.fd = undefined;
        }
    }
}
