import type { BlobClient } from "../blob";
import { type KeyStore, parseFunction, parseHost, serializeFunction, serializeHost } from "./store";

const container = "azure-webjobs-secrets";

/** Stores keys as blobs in the host's storage, in a folder with the site's name. */
export function createBlobStore(options: { blobs: BlobClient; siteName: string; hostName: string }): KeyStore {
    const { blobs, hostName } = options;
    const blob = (name: string) => `${options.siteName.toLowerCase()}/${name.toLowerCase()}.json`;

    async function write(name: string, text: string): Promise<void> {
        await blobs.createContainer(container);
        await blobs.write({ container, name: blob(name), text });
    }

    return {
        description: `blob storage ${blobs.endpoint}`,
        async readHost() {
            const text = await blobs.read({ container, name: blob("host") });
            return text === undefined ? undefined : parseHost(text);
        },
        writeHost: (secrets) => write("host", serializeHost({ secrets, hostName })),
        async readFunction(name) {
            const text = await blobs.read({ container, name: blob(name) });
            return text === undefined ? undefined : parseFunction(text);
        },
        writeFunction: ({ name, keys }) => write(name, serializeFunction({ keys, hostName })),
    };
}
