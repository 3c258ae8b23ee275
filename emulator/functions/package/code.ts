import { rm } from "node:fs/promises";
import path from "node:path";
import type { Clock } from "../../core/clock";
import { messageOf } from "../../core/errors";
import type { LogLevel } from "../../core/log";
import { readBytesIfAny, writePrivateFile } from "../../core/persistence";
import { makeTemporaryFolder } from "../../core/temporaryFolder";
import type { Identity } from "../../identity";
import type { FunctionAppOptions } from "../options";
import { fetchPackage, nameOf, storePackage } from "./remote";
import { isMounted, isPackageUrl, packageReaderSetting, packageSetting } from "./settings";
import { unpack } from "./unpack";

const storageAudience = "https://storage.azure.com";
const packageName = "released-package.zip";

/** The code of an app: finds it, fetches packages, and stores them. */
export interface AppCode {
    /** What to run: `codeFolder`, the package of a setting, the deployed package, or else an empty folder. */
    current(settings: Record<string, string>): Promise<CodeFolder>;
    /** Fetches and unpacks a package. It becomes the current one only with `keep`. */
    fetch(request: { packageUri: string; settings: Record<string, string> }): Promise<FetchedPackage>;
    close(): Promise<void>;
}

export interface CodeFolder {
    folder: string;
    isReadOnly: boolean;
}

export interface FetchedPackage extends CodeFolder {
    /** Stores the package, in the deployment container with the app's identity or else with the app, and makes it the current one. */
    keep(): Promise<void>;
    discard(): Promise<void>;
}

export function createAppCode(source: {
    options: () => FunctionAppOptions;
    identity: Identity;
    fetch: typeof fetch;
    clock: Clock;
    log: (level: LogLevel, message: string) => void;
}): AppCode {
    let deployed: string | undefined;
    let empty: string | undefined;
    let byUrl: { url: string; folder: string } | undefined;
    const folders = new Set<string>();

    function download(url: string, bearer?: string): Promise<Uint8Array | undefined> {
        const { fetch, clock } = source;
        return fetchPackage({ url, fetch, clock, ...(bearer !== undefined && { token: bearer }) });
    }

    async function unpackNew(bytes: Uint8Array): Promise<string> {
        const folder = await unpack({ bytes, name: source.options().name });
        folders.add(folder);
        return folder;
    }

    async function remove(folder: string): Promise<void> {
        folders.delete(folder);
        // Windows keeps a folder for as long as a process that ended moments ago still holds it.
        await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    }

    function token(principalId: string | undefined): Promise<string> {
        const { identities, name } = source.options();
        const principal = principalId ?? identities.systemAssigned?.principalId;
        if (principal === undefined) {
            throw new Error(`Function App '${name}' has no identity that could read or write its package. Assign one.`);
        }
        return source.identity.issueToken({ principalId: principal, audience: storageAudience });
    }

    function packageUrl(): string | undefined {
        const container = source.options().deployment?.containerUrl;
        return container === undefined ? undefined : `${container.replace(/\/$/, "")}/${packageName}`;
    }

    /** Where plans without a deployment container keep a package. */
    function sitePackage(): string {
        return path.join(path.resolve(source.options().folder), "data", "SitePackages", packageName);
    }

    /** Reads the package of an earlier deployment. */
    async function restore(): Promise<string | undefined> {
        if (deployed === undefined) {
            const bytes = await readStored();
            deployed = bytes === undefined ? undefined : await unpackNew(bytes);
        }
        return deployed;
    }

    async function readStored(): Promise<Uint8Array | undefined> {
        const url = packageUrl();
        if (url === undefined) {
            return readBytesIfAny(sitePackage());
        }
        const credential = await token(source.options().deployment?.principalId);
        return download(url, credential);
    }

    async function store(bytes: Uint8Array): Promise<void> {
        const url = packageUrl();
        if (url === undefined) {
            writePrivateFile(sitePackage(), bytes);
            return;
        }
        const credential = await token(source.options().deployment?.principalId);
        await storePackage({ url, fetch: source.fetch, token: credential, bytes });
    }

    async function runFromUrl(url: string, settings: Record<string, string>): Promise<string> {
        if (byUrl?.url === url) {
            return byUrl.folder;
        }
        const reader = settings[packageReaderSetting] ?? "";
        if (reader === "" || new URL(url).searchParams.has("sig")) {
            return runAnonymously(url);
        }
        const credential = await token(packageReader(reader));
        const bytes = await download(url, credential);
        if (bytes === undefined) {
            throw new Error(`App setting ${packageSetting}: there is no package at ${nameOf(url)}.`);
        }
        byUrl = { url, folder: await unpackNew(bytes) };
        return byUrl.folder;
    }

    // Seen on Azure (Esposter/Esposter, pull request 1096): such an app is reported as running and has no functions.
    async function runAnonymously(url: string): Promise<string> {
        let reason = "404, there is no such package";
        try {
            const bytes = await download(url);
            if (bytes !== undefined) {
                byUrl = { url, folder: await unpackNew(bytes) };
                return byUrl.folder;
            }
        } catch (error) {
            reason = messageOf(error);
        }
        source.log(
            "error",
            `App setting ${packageSetting}: ${nameOf(url)} was read without an identity and refused, so the app runs ` +
                `without functions: ${reason}. Set ${packageReaderSetting} to the id of a user-assigned identity of ` +
                "the app, or to SystemAssigned.",
        );
        return emptyFolder();
    }

    /** The identity that reads the package. Throws when it is none of the app's. */
    function packageReader(reader: string): string {
        const { systemAssigned, userAssigned = [] } = source.options().identities;
        const principal =
            reader.toLowerCase() === "systemassigned"
                ? systemAssigned
                : userAssigned.find(({ resourceId }) => resourceId.toLowerCase() === reader.toLowerCase());
        if (principal === undefined) {
            throw new Error(
                `App setting ${packageReaderSetting} is '${reader}', which is no identity of Function App ` +
                    `'${source.options().name}'. It must be SystemAssigned or the id of a user-assigned identity of the app.`,
            );
        }
        return principal.principalId;
    }

    function emptyFolder(): string {
        empty ??= makeTemporaryFolder("empty");
        folders.add(empty);
        return empty;
    }

    const isReadOnly = (settings: Record<string, string>) =>
        isMounted({ settings, sku: source.options().sku ?? "Dedicated" });

    return {
        async current(settings) {
            const { codeFolder } = source.options();
            if (codeFolder !== undefined) {
                return { folder: path.resolve(codeFolder), isReadOnly: false };
            }
            const url = settings[packageSetting];
            const folder = isPackageUrl(url) ? await runFromUrl(url, settings) : await restore();
            return { folder: folder ?? emptyFolder(), isReadOnly: isReadOnly(settings) };
        },
        async fetch({ packageUri, settings }) {
            const bytes = await download(packageUri);
            if (bytes === undefined) {
                throw new Error(`There is no package at ${nameOf(packageUri)}.`);
            }
            const folder = await unpackNew(bytes);
            return {
                folder,
                isReadOnly: isReadOnly(settings),
                async keep() {
                    await store(bytes);
                    deployed = folder;
                },
                discard: () => remove(folder),
            };
        },
        async close() {
            await Promise.all([...folders].map(remove));
        },
    };
}
