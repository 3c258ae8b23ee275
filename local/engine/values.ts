import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";

/** A value that travels between a Pulumi program and the monitor, without the wrappers of secrets. */
export type Value = null | boolean | number | string | Value[] | Properties;
export interface Properties {
    [key: string]: Value;
}

/** The SDK's placeholder for a value that is unknown before the update. */
export const unknownValue = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const signatureKey = "4dabf18193072939515e22adb298388d";
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";
const assetSignature = "c44067f5952c0a294b673a41bacd8c17";
const archiveSignature = "0def7320c3a5731c473e5ecbe6d01bc7";
const outputSignature = "d0e6a833031e9bbcd3f4e8bde6ca49a4";

export interface Decoded {
    values: Properties;
    /** Top-level keys whose value contains a secret. */
    secrets: string[];
}

export function isObject(value: unknown): value is Properties {
    return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The values after a change of each. A plain assignment would lose one that is named `__proto__`. */
export function mapValues(values: Properties, change: (value: Value, key: string) => Value): Properties {
    return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, change(value, key)]));
}

/** A value of an object's own. Every object also has `constructor` and the like. */
export function ownValue<T>(values: Readonly<Record<string, T>>, key: string): T | undefined {
    return Object.hasOwn(values, key) ? values[key] : undefined;
}

export function isAsset(value: Value | undefined): boolean {
    return isObject(value) && value[signatureKey] === assetSignature;
}

export function isArchive(value: Value | undefined): boolean {
    return isObject(value) && value[signatureKey] === archiveSignature;
}

/** Bytes of a file or text asset. */
export function assetBytes(asset: Properties): Buffer {
    if (typeof asset.path === "string") {
        return readFileSync(asset.path);
    }
    if (typeof asset.text === "string") {
        return Buffer.from(asset.text);
    }
    throw new Error("a remote asset is not supported by the local Azure: use a file or text asset");
}

export function hasUnknown(value: Value | undefined): boolean {
    if (value === unknownValue) {
        return true;
    }
    if (Array.isArray(value)) {
        return value.some(hasUnknown);
    }
    return isObject(value) && Object.values(value).some(hasUnknown);
}

// The Pulumi engine sends only the hash of an old asset, so a new asset needs a hash to compare.
function hashOf(asset: Properties): string {
    return createHash("sha256").update(assetBytes(asset)).digest("hex");
}

/** Unwraps secrets and output values, and hashes assets. Sets `found.secret` when the value contains a secret. */
export function decodeValue(value: Value, found: { secret: boolean } = { secret: false }): Value {
    if (Array.isArray(value)) {
        return value.map((item) => decodeValue(item, found));
    }
    if (!isObject(value)) {
        return value;
    }
    if (value[signatureKey] === secretSignature) {
        found.secret = true;
        return decodeValue(value.value ?? null, found);
    }
    if (value[signatureKey] === outputSignature) {
        if (value.secret === true) {
            found.secret = true;
        }
        return "value" in value ? decodeValue(value.value ?? null, found) : unknownValue;
    }
    if (isAsset(value)) {
        return { ...value, hash: value.hash ?? hashOf(value) };
    }
    return mapValues(value, (item) => decodeValue(item, found));
}

/** Unwraps secrets and output values, hashes assets, and drops top-level nulls, which mean "not given". */
export function decode(struct: Struct | undefined): Decoded {
    const raw = (struct?.toJavaScript() ?? {}) as Properties;
    const secrets: string[] = [];
    const given = Object.fromEntries(Object.entries(raw).filter(([, item]) => item !== null));
    const values = mapValues(given, (item, key) => {
        const found = { secret: false };
        const value = decodeValue(item, found);
        if (found.secret) {
            secrets.push(key);
        }
        return value;
    });
    return { values, secrets };
}

/** The reverse of `decode`: wraps the values of the listed top-level keys as secrets. */
export function encode({ values, secrets }: Decoded): Struct {
    const wire = mapValues(values, (value, key) =>
        secrets.includes(key) ? { [signatureKey]: secretSignature, value } : value,
    );
    return Struct.fromJavaScript(wire as Parameters<typeof Struct.fromJavaScript>[0]);
}
