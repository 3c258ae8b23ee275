import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import type { Identity } from "../../identity";
import type { FunctionAppOptions } from "../options";
import { fetchPackage, nameOf, storePackage } from "./remote";
import { unpack } from "./unpack";

const storageAudience = "https://storage.azure.com";
const packageName = "released-package.zip";

/** The code of an app: finds it, fetches packages, and stores them. */
export interface AppCode {
    /** The folder to run: `codeFolder`, the package of a setting, the deployed package, or else an empty folder. */
    current(settings: Record<string, string>): Promise<string>;
    /** Fetches and unpacks a package. It becomes the current one only with `keep`. */
    fetch(packageUri: string): Promise<FetchedPackage>;
    close(): Promise<void>;
}

export interface FetchedPackage {
    folder: string;
    /** Stores the package in the deployment container with the app's identity, and makes it the current one. */
    keep(): Promise<void>;
    discard(): Promise<void>;
}

export function createAppCode(source: {
    options: () => FunctionAppOptions;
    identity: Identity;
    fetch: typeof fetch;
}): AppCode {
    let deployed: string | undefined;
    let empty: string | undefined;
    let byUrl: { url: string; folder: string } | undefined;
    const folders = new Set<string>();

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

    /** Fetches the package of an earlier deployment from the deployment container. */
    async function restore(): Promise<string | undefined> {
        const url = packageUrl();
        if (deployed !== undefined || url === undefined) {
            return deployed;
        }
        const credential = await token(source.options().deployment?.principalId);
        const bytes = await fetchPackage({ url, fetch: source.fetch, token: credential });
        deployed = bytes === undefined ? undefined : await unpackNew(bytes);
        return deployed;
    }

    async function runFromPackage(settings: Record<string, string>): Promise<string | undefined> {
        const url = settings.WEBSITE_RUN_FROM_PACKAGE;
        if (url === undefined || !/^https?:/i.test(url)) {
            return undefined;
        }
        if (byUrl?.url === url) {
            return byUrl.folder;
        }
        const hasSignature = new URL(url).searchParams.has("sig");
        const credential = hasSignature ? {} : { token: await token(packageReader(settings)) };
        const bytes = await fetchPackage({ url, fetch: source.fetch, ...credential });
        if (bytes === undefined) {
            throw new Error(`App setting WEBSITE_RUN_FROM_PACKAGE: there is no package at ${nameOf(url)}.`);
        }
        byUrl = { url, folder: await unpackNew(bytes) };
        return byUrl.folder;
    }

    function packageReader(settings: Record<string, string>): string | undefined {
        const resourceId = settings.WEBSITE_RUN_FROM_PACKAGE_BLOB_MI_RESOURCE_ID?.toLowerCase();
        return source.options().identities.userAssigned?.find((p) => p.resourceId.toLowerCase() === resourceId)
            ?.principalId;
    }

    return {
        async current(settings) {
            const folder = source.options().codeFolder ?? (await runFromPackage(settings)) ?? (await restore());
            if (folder !== undefined) {
                return path.resolve(folder);
            }
            empty ??= await mkdtemp(path.join(os.tmpdir(), "azure-realtime-empty-"));
            folders.add(empty);
            return empty;
        },
        async fetch(packageUri) {
            const bytes = await fetchPackage({ url: packageUri, fetch: source.fetch });
            if (bytes === undefined) {
                throw new Error(`There is no package at ${nameOf(packageUri)}.`);
            }
            const folder = await unpackNew(bytes);
            return {
                folder,
                async keep() {
                    const url = packageUrl();
                    if (url !== undefined) {
                        const credential = await token(source.options().deployment?.principalId);
                        await storePackage({ url, fetch: source.fetch, token: credential, bytes });
                    }
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
