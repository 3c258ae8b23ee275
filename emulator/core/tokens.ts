import { createSecretKey, type KeyObject, subtle, type webcrypto } from "node:crypto";
import { decodeJwt, errors, type JWTPayload, jwtVerify, SignJWT } from "jose";

/** A token that is not accepted. The message says why and holds nothing of the token but its audience. */
export class TokenError extends Error {
    override readonly name = "TokenError";
}

export interface VerifyingKey {
    key: KeyObject;
    /** Why a token signed with this key is refused all the same. */
    refused?: string;
}

export interface AudienceRule {
    /** `host:port` names of this server. */
    hosts: readonly string[];
    /** Path that the token must be for, without query. */
    path: string;
}

export interface VerifyTokenOptions {
    token: string;
    keys: readonly VerifyingKey[];
    audience: AudienceRule;
    /** Milliseconds since the Unix epoch. */
    now: number;
}

const clockSkewSeconds = 300;
const algorithm = "HS256";

/** Access keys sign with the bytes of their text, as the SDKs do. */
export function signingKey(accessKey: string): KeyObject {
    return createSecretKey(Buffer.from(accessKey, "utf8"));
}

// jose takes a KeyObject too, but imports it again for every token, which costs as much as the signature itself.
const imported = new WeakMap<KeyObject, Promise<webcrypto.CryptoKey>>();

function importKey(key: KeyObject): Promise<webcrypto.CryptoKey> {
    let known = imported.get(key);
    if (known === undefined) {
        known = subtle.importKey("raw", key.export(), { name: "HMAC", hash: "SHA-256" }, false, ["sign", "verify"]);
        imported.set(key, known);
    }
    return known;
}

export interface SignTokenOptions {
    key: KeyObject;
    claims: JWTPayload;
    /** Milliseconds since the Unix epoch. */
    now: number;
    lifetimeSeconds: number;
    keyId?: string;
}

export async function signToken(options: SignTokenOptions): Promise<string> {
    const issued = Math.floor(options.now / 1000);
    return new SignJWT({ ...options.claims, nbf: issued, exp: issued + options.lifetimeSeconds, iat: issued })
        .setProtectedHeader({
            alg: algorithm,
            typ: "JWT",
            ...(options.keyId === undefined ? {} : { kid: options.keyId }),
        })
        .sign(await importKey(options.key));
}

/** Checks signature, time and audience, in that order. Throws `TokenError`. */
export async function verifyToken(options: VerifyTokenOptions): Promise<JWTPayload> {
    const claims = await verifySignature(options);
    const audiences = typeof claims.aud === "string" ? [claims.aud] : (claims.aud ?? []);
    if (!audiences.some((audience) => matchesAudience(audience, options.audience))) {
        const wanted = `https://${options.audience.hosts[0]}${options.audience.path}`;
        throw new TokenError(`The token is for '${audiences.join("', '")}', and this is '${wanted}'.`);
    }
    return claims;
}

/** The audiences that a token claims, unchecked: to choose who has to check it. */
export function claimedAudiences(token: string): string[] {
    try {
        const { aud } = decodeJwt(token);
        return typeof aud === "string" ? [aud] : (aud ?? []);
    } catch {
        throw new TokenError("The token is not a JWT.");
    }
}

async function verifySignature(options: VerifyTokenOptions): Promise<JWTPayload> {
    for (const { key, refused } of options.keys) {
        try {
            const { payload } = await jwtVerify(options.token, await importKey(key), {
                algorithms: [algorithm],
                requiredClaims: ["exp"],
                clockTolerance: clockSkewSeconds,
                currentDate: new Date(options.now),
            });
            if (refused !== undefined) {
                throw new TokenError(refused);
            }
            return payload;
        } catch (error) {
            if (!(error instanceof errors.JWSSignatureVerificationFailed)) {
                throw toTokenError(error);
            }
        }
    }
    throw new TokenError("The token is not signed with a key of this service.");
}

function toTokenError(error: unknown): unknown {
    if (error instanceof errors.JWTExpired) {
        return new TokenError("The token has expired.");
    }
    if (error instanceof errors.JWTClaimValidationFailed) {
        return new TokenError(
            error.claim === "exp"
                ? "The token has no 'exp' claim."
                : `The token's '${error.claim}' claim does not hold now.`,
        );
    }
    if (error instanceof errors.JOSEAlgNotAllowed || error instanceof errors.JOSENotSupported) {
        return new TokenError(`The token is not signed with ${algorithm}.`);
    }
    return error instanceof errors.JOSEError ? new TokenError("The token is not a JWT.") : error;
}

/**
 * Whether an audience names the path or something below it. Case does not count, nor http, https, ws or wss, nor a query;
 * the path may be percent-encoded once.
 */
export function matchesAudience(audience: string, rule: AudienceRule): boolean {
    const match = /^(?:https?|wss?):\/\/([^/?#]+)([^?#]*)/i.exec(audience);
    if (match === null || !rule.hosts.includes((match[1] ?? "").toLowerCase())) {
        return false;
    }
    const wanted = spellings(rule.path.replace(/\/$/, ""));
    return spellings(match[2] ?? "").some((path) =>
        wanted.some((want) => path === want || path.startsWith(`${want}/`)),
    );
}

function spellings(path: string): string[] {
    const plain = path.toLowerCase();
    try {
        return [plain, decodeURIComponent(path).toLowerCase()];
    } catch {
        return [plain];
    }
}
