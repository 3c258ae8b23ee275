import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { type KeyStore, parseFunction, parseHost, serializeFunction, serializeHost } from "./store";

/** Keys in files: `host.json` and one file for each function that has keys of its own. */
export function createFileStore({ folder, hostName }: { folder: string; hostName: string }): KeyStore {
    const file = (name: string) => path.join(folder, `${encodeURIComponent(name.toLowerCase())}.json`);

    async function read(name: string): Promise<string | undefined> {
        return existsSync(file(name)) ? readFile(file(name), "utf8") : undefined;
    }

    async function write(name: string, text: string): Promise<void> {
        await mkdir(folder, { recursive: true });
        await writeFile(file(name), text, { mode: 0o600 });
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
