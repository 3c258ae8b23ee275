import { fetchOnce } from "../../../core/fetchOnce";
import type { HostSecrets, KeyStore } from "./store";
import {
    classifySecret,
    denormalizeKeyName,
    functionSecretPrefix,
    hostPrefix,
    normalizeKeyName,
    toSecrets,
} from "./vaultNames";

export interface VaultStoreOptions {
    vaultUri: string;
    /** A bearer token for the vault. */
    token: () => Promise<string>;
    fetch: typeof fetch;
}

const apiVersion = "7.4";

/** Stores keys as secrets of a Key Vault. The app's identity must be allowed to list, read and write them. */
export function createVaultStore(options: VaultStoreOptions): KeyStore {
    const base = options.vaultUri.replace(/\/?$/, "/");

    async function call(request: { method: string; path: string; body?: unknown }): Promise<Record<string, unknown>> {
        const url = request.path.startsWith("http") ? request.path : `${base}${request.path}?api-version=${apiVersion}`;
        // A vault's list names its own next page. Another address would get the token.
        if (new URL(url).origin !== new URL(base).origin) {
            throw new Error(`Key Vault ${base} names a next page at another address, which gets no token.`);
        }
        const init = {
            method: request.method,
            headers: {
                authorization: `Bearer ${await options.token()}`,
                ...(request.body === undefined ? {} : { "content-type": "application/json" }),
            },
            ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
        };
        const { ok, status, text } = await fetchOnce({ fetch: options.fetch, url, init });
        if (!ok) {
            throw new Error(
                `Key Vault ${base} refused ${request.method} of ${request.path.split("?")[0]} with ${status}: ${explain(text)}`,
            );
        }
        return text === "" ? {} : (JSON.parse(text) as Record<string, unknown>);
    }

    async function list(prefix: string): Promise<string[]> {
        const names: string[] = [];
        let page: string | undefined = "secrets";
        while (page !== undefined) {
            const answer = await call({ method: "GET", path: page });
            for (const { id } of (answer.value ?? []) as { id: string }[]) {
                names.push(new URL(id).pathname.split("/")[2] ?? "");
            }
            page = typeof answer.nextLink === "string" && answer.nextLink !== "" ? answer.nextLink : undefined;
        }
        return names.filter((name) => name.toLowerCase().startsWith(prefix.toLowerCase()));
    }

    async function read(name: string): Promise<string> {
        return String((await call({ method: "GET", path: `secrets/${name}` })).value);
    }

    async function replace(request: { prefix: string; secrets: Record<string, string> }): Promise<void> {
        const wanted = new Set(Object.keys(request.secrets).map((name) => name.toLowerCase()));
        const unknown = (await list(request.prefix)).filter((name) => !wanted.has(name.toLowerCase()));
        await Promise.all(unknown.map((name) => call({ method: "DELETE", path: `secrets/${name}` })));
        await Promise.all(
            Object.entries(request.secrets).map(([name, value]) =>
                call({ method: "PUT", path: `secrets/${name}`, body: { value } }),
            ),
        );
    }

    return {
        description: `Key Vault ${base}`,
        async readHost() {
            const found = (await list(hostPrefix)).map((secret) => ({ secret, key: classifySecret(secret) }));
            // The host considers a store without a master key empty, whatever else it holds.
            if (!found.some(({ key }) => key?.kind === "masterKey")) {
                return undefined;
            }
            const secrets: HostSecrets = { masterKey: "", functionKeys: {}, systemKeys: {} };
            await Promise.all(
                found.map(async ({ secret, key }) => {
                    if (key?.kind === "masterKey") {
                        secrets.masterKey = await read(secret);
                    } else if (key !== undefined) {
                        secrets[key.kind][key.name] = await read(secret);
                    }
                }),
            );
            return secrets;
        },
        writeHost: (secrets) => replace({ prefix: hostPrefix, secrets: toSecrets(secrets) }),
        async readFunction(name) {
            const prefix = functionSecretPrefix(name);
            const found = await list(prefix);
            const entries = found.map(async (secret) => [
                denormalizeKeyName(secret.slice(prefix.length)),
                await read(secret),
            ]);
            return found.length === 0 ? undefined : Object.fromEntries(await Promise.all(entries));
        },
        writeFunction: ({ name, keys }) => {
            const prefix = functionSecretPrefix(name);
            const secrets = Object.entries(keys).map(([key, value]) => [prefix + normalizeKeyName(key), value]);
            return replace({ prefix, secrets: Object.fromEntries(secrets) });
        },
    };
}

function explain(body: string): string {
    try {
        const { error } = JSON.parse(body) as { error?: { message?: string } };
        return error?.message ?? body;
    } catch {
        return body;
    }
}
