import { timingSafeEqual } from "node:crypto";
import { generateKey } from "./generate";
import type { HostSecrets, KeyStore } from "./store";

export type KeyLevel = "admin" | "system" | "function";

export interface KeyMatch {
    level: KeyLevel;
    /** Name of the key that was presented. */
    name: string;
}

export type KeyScope = "functionKeys" | "systemKeys";

/** The host's keys over their store: cached, made when there are none, and looked at again when a key is unknown. */
export interface Keys {
    host(): Promise<HostSecrets>;
    /** Keys of one function alone. */
    ofFunction(name: string): Promise<Record<string, string>>;
    /** What a presented value is; undefined when it is no key. */
    match(request: { value: string; functionName?: string }): Promise<KeyMatch | undefined>;
    /** The key of that name when there is one, else a new one. */
    getOrCreateExtensionKey(name: string): Promise<string>;
    /** Writes a key, made up when there is no value. Says whether it is new. */
    set(request: { scope: KeyScope; name: string; value?: string }): Promise<{ value: string; created: boolean }>;
    setMaster(value?: string): Promise<{ value: string; created: boolean }>;
    setOfFunction(request: { functionName: string; name: string; value?: string }): Promise<{
        value: string;
        created: boolean;
    }>;
    /** Says whether there was such a key. */
    remove(request: { scope: KeyScope; name: string }): Promise<boolean>;
    removeOfFunction(request: { functionName: string; name: string }): Promise<boolean>;
}

const cacheResetInterval = 60_000;

export function createKeys({ store, now }: { store: KeyStore; now: () => number }): Keys {
    let cached: Promise<HostSecrets> | undefined;
    let functionCache = new Map<string, Promise<Record<string, string> | undefined>>();
    let lastReset = Number.NEGATIVE_INFINITY;

    function host(): Promise<HostSecrets> {
        if (cached === undefined) {
            const loading = load();
            cached = loading;
            // A store that could not be read is asked again by the next request.
            loading.catch(() => {
                if (cached === loading) {
                    cached = undefined;
                }
            });
        }
        return cached;
    }

    async function load(): Promise<HostSecrets> {
        const found = await store.readHost();
        if (found !== undefined) {
            return found;
        }
        const fresh = generateHostSecrets();
        await store.writeHost(fresh);
        return fresh;
    }

    function functionKeys(name: string): Promise<Record<string, string> | undefined> {
        const known = functionCache.get(name);
        if (known !== undefined) {
            return known;
        }
        const loading = store.readFunction(name);
        functionCache.set(name, loading);
        loading.catch(() => functionCache.delete(name));
        return loading;
    }

    async function find(request: { value: string; functionName?: string }): Promise<KeyMatch | undefined> {
        const secrets = await host();
        if (secrets.masterKey !== "" && same(secrets.masterKey, request.value)) {
            return { level: "admin", name: "master" };
        }
        const system = nameOf(secrets.systemKeys, request.value);
        if (system !== undefined) {
            return { level: "system", name: system };
        }
        const own = request.functionName === undefined ? undefined : await functionKeys(request.functionName);
        const name = nameOf(secrets.functionKeys, request.value) ?? nameOf(own ?? {}, request.value);
        return name === undefined ? undefined : { level: "function", name };
    }

    async function change(update: (secrets: HostSecrets) => void): Promise<void> {
        const stored = (await store.readHost()) ?? generateHostSecrets();
        const secrets = structuredClone(stored);
        update(secrets);
        await store.writeHost(secrets);
        cached = Promise.resolve(secrets);
    }

    async function set(request: { scope: KeyScope; name: string; value?: string }) {
        const kind = request.scope === "systemKeys" ? "system" : "function";
        const value = request.value ?? generateKey({ kind });
        let created = true;
        await change((secrets) => {
            const keys = secrets[request.scope];
            const existing = keyIgnoringCase(keys, request.name);
            if (existing !== undefined) {
                created = false;
                delete keys[existing];
            }
            keys[request.name] = value;
        });
        return { value, created };
    }

    async function changeFunction(name: string, update: (keys: Record<string, string>) => void): Promise<void> {
        const keys = { ...(await store.readFunction(name)) };
        update(keys);
        await store.writeFunction({ name, keys });
        functionCache.delete(name);
    }

    return {
        host,
        async match(request) {
            const hadCache = cached !== undefined;
            const match = await find(request);
            if (match !== undefined || !hadCache || now() - lastReset <= cacheResetInterval) {
                return match;
            }
            lastReset = now();
            cached = undefined;
            functionCache = new Map();
            return find(request);
        },
        async ofFunction(name) {
            const keys = await functionKeys(name);
            if (keys !== undefined) {
                return keys;
            }
            const fresh = { default: generateKey({ kind: "function" }) };
            await changeFunction(name, (stored) => Object.assign(stored, fresh));
            return fresh;
        },
        async getOrCreateExtensionKey(name) {
            // Reading compares names exactly, so a key of another case is replaced, not used.
            return (await host()).systemKeys[name] ?? (await set({ scope: "systemKeys", name })).value;
        },
        set,
        async setMaster(value) {
            const master = value ?? generateKey({ kind: "master" });
            await change((secrets) => {
                secrets.masterKey = master;
            });
            return { value: master, created: value === undefined };
        },
        async setOfFunction({ functionName, name, value = generateKey({ kind: "function" }) }) {
            let created = true;
            await changeFunction(functionName, (keys) => {
                created = keys[name] === undefined;
                keys[name] = value;
            });
            return { value, created };
        },
        async remove({ scope, name }) {
            const existing = keyIgnoringCase((await host())[scope], name);
            if (existing === undefined) {
                return false;
            }
            await change((secrets) => {
                delete secrets[scope][existing];
            });
            return true;
        },
        async removeOfFunction({ functionName, name }) {
            if ((await functionKeys(functionName))?.[name] === undefined) {
                return false;
            }
            await changeFunction(functionName, (keys) => {
                delete keys[name];
            });
            return true;
        },
    };
}

function generateHostSecrets(): HostSecrets {
    return {
        masterKey: generateKey({ kind: "master" }),
        functionKeys: { default: generateKey({ kind: "function" }) },
        systemKeys: {},
    };
}

function nameOf(keys: Record<string, string>, value: string): string | undefined {
    return Object.keys(keys).find((name) => same(keys[name]!, value));
}

function keyIgnoringCase(keys: Record<string, string>, name: string): string | undefined {
    return Object.keys(keys).find((key) => key.toLowerCase() === name.toLowerCase());
}

function same(left: string, right: string): boolean {
    const [a, b] = [Buffer.from(left), Buffer.from(right)];
    return a.length === b.length && timingSafeEqual(a, b);
}
