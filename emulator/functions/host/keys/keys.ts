import { isSameSecret } from "../../../core/secrets";
import { generateKey } from "./generate";
import type { HostSecrets, KeyStore } from "./store";

export type KeyLevel = "admin" | "system" | "function";

export interface KeyMatch {
    level: KeyLevel;
    /** Name of the key that was presented. */
    name: string;
}

export type KeyScope = "functionKeys" | "systemKeys";

export interface WrittenKey {
    value: string;
    /** Whether the key is new. For the master key: whether its value is random. */
    created: boolean;
}

const cacheResetInterval = 60_000;

/** The host's keys: cached from their store, created when there are none, and read again when a key is unknown. */
export class Keys {
    readonly #store: KeyStore;
    readonly #now: () => number;
    #cached: Promise<HostSecrets> | undefined;
    #functionCache = new Map<string, Promise<Record<string, string> | undefined>>();
    #lastReset = Number.NEGATIVE_INFINITY;

    /** `now` is a time that nobody sets: an unknown key makes this cache read the store again only after a minute. */
    constructor({ store, now }: { store: KeyStore; now: () => number }) {
        this.#store = store;
        this.#now = now;
    }

    host(): Promise<HostSecrets> {
        if (this.#cached === undefined) {
            const loading = this.#load();
            this.#cached = loading;
            // After a failure the next request reads the store again.
            loading.catch(() => {
                if (this.#cached === loading) {
                    this.#cached = undefined;
                }
            });
        }
        return this.#cached;
    }

    /** Identifies a presented value; undefined when it is no key. */
    async match(request: { value: string; functionName?: string }): Promise<KeyMatch | undefined> {
        const hadCache = this.#cached !== undefined;
        const match = await this.#find(request);
        if (match !== undefined || !hadCache || this.#now() - this.#lastReset <= cacheResetInterval) {
            return match;
        }
        this.#lastReset = this.#now();
        this.#cached = undefined;
        this.#functionCache = new Map();
        return this.#find(request);
    }

    /** Keys of one function alone. */
    async ofFunction(name: string): Promise<Record<string, string>> {
        const keys = await this.#functionKeys(name);
        if (keys !== undefined) {
            return keys;
        }
        const fresh = { default: generateKey({ kind: "function" }) };
        await this.#changeFunction(name, (stored) => Object.assign(stored, fresh));
        return fresh;
    }

    /** Returns the system key with that name, or creates one. */
    async getOrCreateExtensionKey(name: string): Promise<string> {
        // Names are compared exactly here, so a key whose name differs in case is replaced instead of used.
        return (await this.host()).systemKeys[name] ?? (await this.set({ scope: "systemKeys", name })).value;
    }

    async setMaster(value?: string): Promise<WrittenKey> {
        const master = value ?? generateKey({ kind: "master" });
        await this.#change((secrets) => {
            secrets.masterKey = master;
        });
        return { value: master, created: value === undefined };
    }

    async setOfFunction({
        functionName,
        name,
        value = generateKey({ kind: "function" }),
    }: {
        functionName: string;
        name: string;
        value?: string;
    }): Promise<WrittenKey> {
        let created = true;
        await this.#changeFunction(functionName, (keys) => {
            created = keys[name] === undefined;
            keys[name] = value;
        });
        return { value, created };
    }

    /** Resolves with whether there was such a key. */
    async remove({ scope, name }: { scope: KeyScope; name: string }): Promise<boolean> {
        const existing = keyIgnoringCase((await this.host())[scope], name);
        if (existing === undefined) {
            return false;
        }
        await this.#change((secrets) => {
            delete secrets[scope][existing];
        });
        return true;
    }

    async removeOfFunction({ functionName, name }: { functionName: string; name: string }): Promise<boolean> {
        if ((await this.#functionKeys(functionName))?.[name] === undefined) {
            return false;
        }
        await this.#changeFunction(functionName, (keys) => {
            delete keys[name];
        });
        return true;
    }

    /** Writes a key, random without a value. */
    async set(request: { scope: KeyScope; name: string; value?: string }): Promise<WrittenKey> {
        const kind = request.scope === "systemKeys" ? "system" : "function";
        const value = request.value ?? generateKey({ kind });
        let created = true;
        await this.#change((secrets) => {
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

    async #load(): Promise<HostSecrets> {
        const found = await this.#store.readHost();
        if (found !== undefined) {
            return found;
        }
        const fresh = generateHostSecrets();
        await this.#store.writeHost(fresh);
        return fresh;
    }

    #functionKeys(name: string): Promise<Record<string, string> | undefined> {
        const known = this.#functionCache.get(name);
        if (known !== undefined) {
            return known;
        }
        const loading = this.#store.readFunction(name);
        this.#functionCache.set(name, loading);
        loading.catch(() => this.#functionCache.delete(name));
        return loading;
    }

    async #find(request: { value: string; functionName?: string }): Promise<KeyMatch | undefined> {
        const secrets = await this.host();
        if (secrets.masterKey !== "" && isSameSecret(secrets.masterKey, request.value)) {
            return { level: "admin", name: "master" };
        }
        const system = nameOf(secrets.systemKeys, request.value);
        if (system !== undefined) {
            return { level: "system", name: system };
        }
        const own = request.functionName === undefined ? undefined : await this.#functionKeys(request.functionName);
        const name = nameOf(secrets.functionKeys, request.value) ?? nameOf(own ?? {}, request.value);
        return name === undefined ? undefined : { level: "function", name };
    }

    async #change(update: (secrets: HostSecrets) => void): Promise<void> {
        const stored = (await this.#store.readHost()) ?? generateHostSecrets();
        const secrets = structuredClone(stored);
        update(secrets);
        await this.#store.writeHost(secrets);
        this.#cached = Promise.resolve(secrets);
    }

    async #changeFunction(name: string, update: (keys: Record<string, string>) => void): Promise<void> {
        const keys = { ...(await this.#store.readFunction(name)) };
        update(keys);
        await this.#store.writeFunction({ name, keys });
        this.#functionCache.delete(name);
    }
}

function generateHostSecrets(): HostSecrets {
    return {
        masterKey: generateKey({ kind: "master" }),
        functionKeys: { default: generateKey({ kind: "function" }) },
        systemKeys: {},
    };
}

function nameOf(keys: Record<string, string>, value: string): string | undefined {
    return Object.keys(keys).find((name) => isSameSecret(keys[name]!, value));
}

function keyIgnoringCase(keys: Record<string, string>, name: string): string | undefined {
    return Object.keys(keys).find((key) => key.toLowerCase() === name.toLowerCase());
}
