import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { writePrivateFile } from "../../../core/persistence";
import { type KeyStore, parseFunction, parseHost, serializeFunction, serializeHost } from "./store";

/** Stores keys in files: `host.json`, and one file for each function with keys of its own. */
export function createFileStore({ folder, hostName }: { folder: string; hostName: string }): KeyStore {
    const file = (name: string) => path.join(folder, `${encodeURIComponent(name.toLowerCase())}.json`);

    async function read(name: string): Promise<string | undefined> {
        return existsSync(file(name)) ? readFile(file(name), "utf8") : undefined;
    }

    async function write(name: string, text: string): Promise<void> {
        writePrivateFile(file(name), text);
    }

    return {
        description: "files",
        async readHost() {
            const text = await read("host");
            return text === undefined ? undefined : parseHost(text);
        },
        writeHost: (secrets) => write("host", serializeHost({ secrets, hostName })),
        async readFunction(name) {
            const text = await read(name);
            return text === undefined ? undefined : parseFunction(text);
        },
        writeFunction: ({ name, keys }) => write(name, serializeFunction({ keys, hostName })),
    };
}
