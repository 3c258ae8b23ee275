import { messageOf } from "../../../core/errors";
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

    function parsed<T>(name: string, text: string, parse: (text: string) => T): T {
        try {
            return parse(text);
        } catch (error) {
            const place = `${blobs.endpoint}/${container}/${blob(name)}`;
            throw new Error(
                `${place} is damaged: ${messageOf(error)}. Delete the blob to get new keys, and run an update.`,
            );
        }
    }

    return {
        description: `blob storage ${blobs.endpoint}`,
        async readHost() {
            const text = await blobs.read({ container, name: blob("host") });
            return text === undefined ? undefined : parsed("host", text, parseHost);
        },
        writeHost: (secrets) => write("host", serializeHost({ secrets, hostName })),
        async readFunction(name) {
            const text = await blobs.read({ container, name: blob(name) });
            return text === undefined ? undefined : parsed(name, text, parseFunction);
        },
        writeFunction: ({ name, keys }) => write(name, serializeFunction({ keys, hostName })),
    };
}
