import path from "node:path";
import { messageOf } from "../../../core/errors";
import { FileError, readTextIfAny, writePrivateFile } from "../../../core/persistence";
import { type KeyStore, parseFunction, parseHost, serializeFunction, serializeHost } from "./store";

/** Stores keys in files: `host.json`, and one file for each function with keys of its own. */
export function createFileStore({ folder, hostName }: { folder: string; hostName: string }): KeyStore {
    const file = (name: string) => path.join(folder, `${encodeURIComponent(name.toLowerCase())}.json`);

    async function read<T>(name: string, parse: (text: string) => T): Promise<T | undefined> {
        const text = readTextIfAny(file(name));
        if (text === undefined) {
            return undefined;
        }
        try {
            return parse(text);
        } catch (error) {
            const how = text.trim() === "" ? "is empty" : `is damaged: ${messageOf(error)}`;
            throw new FileError(`${file(name)} ${how}. Delete the file to get new keys, and run an update.`, true);
        }
    }

    async function write(name: string, text: string): Promise<void> {
        writePrivateFile(file(name), text);
    }

    return {
        description: "files",
        readHost: () => read("host", parseHost),
        writeHost: (secrets) => write("host", serializeHost({ secrets, hostName })),
        readFunction: (name) => read(name, parseFunction),
        writeFunction: ({ name, keys }) => write(name, serializeFunction({ keys, hostName })),
    };
}
