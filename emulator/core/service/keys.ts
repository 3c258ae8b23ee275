import { createHmac, randomBytes } from "node:crypto";
import { signingKey, signToken, type VerifyingKey } from "./tokens";
import type { AccessKeys, RealtimeServiceOptions, ServiceKeys } from "./types";

/** Keys of one service: the two access keys, and the key with which the service itself signs client tokens. */
export interface KeyRing {
    access: AccessKeys;
    /** Keys accepted for REST tokens. */
    forRest: readonly VerifyingKey[];
    /** Keys accepted for client tokens. */
    forClients: readonly VerifyingKey[];
    /** Why a client's token is refused although its signature is right. Defaults to never. */
    refuses?: VerifyingKey["refuses"];
}

const localAuthOff =
    "The token is signed with an access key, but the service has local authentication off (disableLocalAuth).";

export function generateAccessKeys(): AccessKeys {
    return { primaryKey: randomBytes(48).toString("base64url"), secondaryKey: randomBytes(48).toString("base64url") };
}

/** Derives the service's own key from the first access keys, so that tokens it signed stay valid after a restart. */
export function deriveServiceKey(options: { access: AccessKeys; id: string }): Buffer {
    return createHmac("sha256", options.access.primaryKey).update(`client tokens of ${options.id}`).digest();
}

export function createKeyRing(options: { access: AccessKeys; service: Buffer; disableLocalAuth: boolean }): KeyRing {
    const refused = options.disableLocalAuth ? localAuthOff : undefined;
    const forRest = [options.access.primaryKey, options.access.secondaryKey].map((key) => ({
        key: signingKey(key),
        refused,
    }));
    return { access: options.access, forRest, forClients: [...forRest, { key: options.service }] };
}

export interface ClientTokenOptions {
    key: Buffer;
    issuer: string;
    audience: string;
    userId: string | undefined;
    roles: readonly string[];
    groups: readonly string[];
    minutes: number;
    now: number;
}

/** Makes a client token signed with the service's own key, for apps that have no access key. */
export function issueClientToken(options: ClientTokenOptions): string {
    const { userId, roles, groups } = options;
    return signToken({
        key: options.key,
        keyId: "s-emulator",
        now: options.now,
        lifetimeSeconds: options.minutes * 60,
        claims: {
            iss: options.issuer,
            aud: options.audience,
            ...(userId === undefined || userId === "" ? {} : { sub: userId }),
            ...(roles.length === 0 ? {} : { role: roles }),
            ...(groups.length === 0 ? {} : { "webpubsub.group": groups }),
        },
    });
}

export function listKeys({
    access,
    port,
    scheme = "http",
}: {
    access: AccessKeys;
    port: number;
    /** Defaults to http. */
    scheme?: "http" | "https";
}): ServiceKeys {
    // The port is a part of the endpoint, because apps that read the string themselves do not know a part `Port`: Azure gives none.
    const connectionString = (key: string): string =>
        `Endpoint=${scheme}://localhost:${port};AccessKey=${key};Version=1.0;`;
    return {
        primaryKey: access.primaryKey,
        secondaryKey: access.secondaryKey,
        primaryConnectionString: connectionString(access.primaryKey),
        secondaryConnectionString: connectionString(access.secondaryKey),
    };
}

/** How many connections a service accepts; undefined for no limit. Source: Azure's limits of the free tier. */
export function connectionLimit({ sku }: Pick<RealtimeServiceOptions, "sku">): number | undefined {
    return sku?.toLowerCase().startsWith("free") ? 20 : undefined;
}
