import { isRecord } from "../../../core/persistence";

/** The host's keys by name. */
export interface HostSecrets {
    masterKey: string;
    functionKeys: Record<string, string>;
    systemKeys: Record<string, string>;
}

/** A store of keys. Its errors name the store and the reason. */
export interface KeyStore {
    /** Name of the store in messages. */
    description: string;
    /** Undefined when there are none yet. */
    readHost(): Promise<HostSecrets | undefined>;
    writeHost(secrets: HostSecrets): Promise<void>;
    /** Keys of one function; undefined when there are none. */
    readFunction(name: string): Promise<Record<string, string> | undefined>;
    writeFunction(request: { name: string; keys: Record<string, string> }): Promise<void>;
}

interface StoredKey {
    name: string;
    value: string;
    encrypted: boolean;
}

/** JSON of the host's keys in file and blob stores. */
export function serializeHost({ secrets, hostName }: { secrets: HostSecrets; hostName: string }): string {
    const json = {
        masterKey: stored("master", secrets.masterKey),
        functionKeys: storedKeys(secrets.functionKeys),
        systemKeys: storedKeys(secrets.systemKeys),
        hostName,
        instanceId: "",
        source: "runtime",
        decryptionKeyId: "",
    };
    return JSON.stringify(json, undefined, 2);
}

export function parseHost(text: string): HostSecrets {
    const { masterKey, functionKeys, systemKeys } = parseKeys(text);
    if (!isKey(masterKey)) {
        throw new Error("it has no masterKey");
    }
    return { masterKey: masterKey.value, functionKeys: byName(functionKeys), systemKeys: byName(systemKeys) };
}

export function serializeFunction({ keys, hostName }: { keys: Record<string, string>; hostName: string }): string {
    return JSON.stringify({ keys: storedKeys(keys), hostName, instanceId: "", source: "runtime" }, undefined, 2);
}

export function parseFunction(text: string): Record<string, string> {
    return byName(parseKeys(text).keys);
}

function stored(name: string, value: string): StoredKey {
    return { name, value, encrypted: false };
}

function storedKeys(keys: Record<string, string>): StoredKey[] {
    return Object.entries(keys).map(([name, value]) => stored(name, value));
}

/** The parts of a stored text that is an object. Its errors never quote it, because it holds keys. */
function parseKeys(text: string): Record<string, unknown> {
    let json: unknown;
    try {
        json = JSON.parse(text);
    } catch {
        json = undefined;
    }
    if (!isRecord(json)) {
        throw new Error("it is no JSON object");
    }
    return json;
}

function isKey(key: unknown): key is StoredKey {
    return isRecord(key) && typeof key.name === "string" && typeof key.value === "string" && key.value !== "";
}

function byName(keys: unknown): Record<string, string> {
    const list = keys ?? [];
    if (!Array.isArray(list) || !list.every(isKey)) {
        throw new Error("one of its keys has no name or no value");
    }
    return Object.fromEntries(list.map(({ name, value }) => [name, value]));
}
