import { fetchOnce } from "../core/fetchOnce";
import { storageMessage } from "../core/storageMessage";
import { controlHeader } from "./gateway";
import type { BlobAddress, BlobUpload } from "./types";

export interface ControlPlane {
    createContainer(name: string): Promise<void>;
    deleteContainer(name: string): Promise<void>;
    listContainers(): Promise<string[]>;
    putBlob(upload: BlobUpload): Promise<void>;
    deleteBlob(address: BlobAddress): Promise<void>;
}

export interface ControlPlaneOptions {
    account: string;
    port: number;
    /** The gateway's secret. */
    secret: string;
    /** Resolves when all writes are on disk, so that a resource that was reported as created survives a crash. */
    flush(): Promise<void>;
}

interface Call {
    method: string;
    path: string;
    query?: string;
    /** Statuses to accept besides 2xx. */
    accept?: readonly number[];
    body?: Buffer;
    headers?: Record<string, string>;
}

/** Does what Azure Resource Manager does to an account, through the account's data plane and with the gateway's secret. */
export function createControlPlane(options: ControlPlaneOptions): ControlPlane {
    async function call({ method, path, query = "", accept = [], body, headers }: Call): Promise<string> {
        const address = `http://127.0.0.1:${options.port}/${options.account}/${path.split("/").map(encodeURIComponent).join("/")}`;
        const init = {
            method,
            headers: { ...headers, [controlHeader]: options.secret },
            body: body === undefined ? undefined : new Uint8Array(body),
        };
        const { ok, status, text } = await fetchOnce({ fetch, url: `${address}${query}`, init });
        if (!ok && !accept.includes(status)) {
            const reason = storageMessage(text)?.split("\n")[0] ?? `status ${status}`;
            const what = path === "" ? "" : ` "${path}"`;
            throw new Error(`Storage account "${options.account}" refused ${method}${what}: ${reason}`);
        }
        if (method !== "GET") {
            await options.flush();
        }
        return text;
    }

    return {
        createContainer: async (name) =>
            void (await call({ method: "PUT", path: name, query: "?restype=container", accept: [409] })),
        deleteContainer: async (name) =>
            void (await call({ method: "DELETE", path: name, query: "?restype=container", accept: [404] })),
        async listContainers() {
            const xml = await call({ method: "GET", path: "", query: "?comp=list" });
            return [...xml.matchAll(/<Container><Name>([^<]+)<\/Name>/g)].map((match) => match[1]!);
        },
        putBlob: async ({ container, name, data, contentType = "application/octet-stream" }) =>
            void (await call({
                method: "PUT",
                path: `${container}/${name}`,
                body: data,
                headers: { "x-ms-blob-type": "BlockBlob", "Content-Type": contentType },
            })),
        deleteBlob: async ({ container, name }) =>
            void (await call({
                method: "DELETE",
                path: `${container}/${name}`,
                accept: [404],
                headers: { "x-ms-delete-snapshots": "include" },
            })),
    };
}
