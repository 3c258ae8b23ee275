import {
    TOKEN_ERROR_CODES as codes,
    createDecoder,
    createSigner,
    createVerifier,
    TokenError as Refusal,
} from "fast-jwt";
import { LRUCache } from "lru-cache";
import { decodePath } from "../decodePath";
import { type Claims, checkClaims, TokenError } from "./claims";

export { type Claims, TokenError };

export interface VerifyingKey {
    key: Buffer;
    /** Reason to refuse tokens signed with this key although the signature is right. */
    refused?: string;
    /** Reason to refuse one token, by its claims. Defaults to none. */
    refuses?(claims: Claims): string | undefined;
}

export interface AudienceRule {
    /** `host:port` names of this server. */
    hosts: readonly string[];
    /** Path without query that the token's audience must name. */
    path: string;
    /** Whether the path as it was sent is an audience too. Defaults to false. */
    asSent?: boolean;
}

export interface VerifyTokenOptions {
    token: string;
    keys: readonly VerifyingKey[];
    audience: AudienceRule;
    /** Milliseconds since the Unix epoch. */
    now: number;
    /** Whether to remember the verified token, because the caller is likely to send it again. Defaults to false. */
    remember?: boolean;
}

const clockSkew = 300_000;
const algorithm = "HS256";
const mostRemembered = 1000;
const mostRememberedCharacters = 4 * 1024 * 1024;

/** The key's text as bytes. SDKs sign with it so, without decoding the base64. */
export function signingKey(accessKey: string): Buffer {
    return Buffer.from(accessKey, "utf8");
}

export interface SignTokenOptions {
    key: Buffer;
    claims: Claims;
    /** Milliseconds since the Unix epoch. */
    now: number;
    lifetimeSeconds: number;
    keyId?: string;
}

export function signToken(options: SignTokenOptions): string {
    const issued = Math.floor(options.now / 1000);
    const sign = createSigner({ key: options.key, algorithm, kid: options.keyId });
    return sign({ ...options.claims, nbf: issued, exp: issued + options.lifetimeSeconds, iat: issued });
}

/** Checks a token's signature, time and audience, in this order. Throws `TokenError`. */
export function verifyToken(options: VerifyTokenOptions): Claims {
    const claims = verifySignature(options);
    const audiences = audiencesOf(claims);
    if (!audiences.some((audience) => matchesAudience(audience, options.audience))) {
        const wanted = `https://${options.audience.hosts[0]}${options.audience.path}`;
        throw new TokenError(`The token is for '${audiences.join("', '")}', and this is '${wanted}'.`);
    }
    return claims;
}

const decodeToken = createDecoder();

const decode: (token: string) => Claims = remembering((token) => {
    let decoded: unknown;
    try {
        decoded = decodeToken(token);
    } catch {
        throw new TokenError("The token is not a JWT.");
    }
    return checkClaims(decoded);
});

/** The audiences of a token that is not verified yet. They decide which check applies. Throws `TokenError`. */
export function claimedAudiences(token: string): string[] {
    return audiencesOf(decode(token));
}

function audiencesOf({ aud }: Claims): string[] {
    return typeof aud === "string" ? [aud] : (aud ?? []);
}

function verifySignature(options: VerifyTokenOptions): Claims {
    for (const key of options.keys) {
        try {
            const claims = verifierOf(key.key, options.remember === true)(options.token);
            checkTimes(claims, options.now);
            const refused = key.refused ?? key.refuses?.(claims);
            if (refused !== undefined) {
                throw new TokenError(refused);
            }
            return claims;
        } catch (error) {
            if (!(error instanceof Refusal && error.code === codes.invalidSignature)) {
                throw toTokenError(error);
            }
        }
    }
    throw new TokenError("The token is not signed with a key of this service.");
}

type Verify = (token: string) => Claims;
const verifiers = { once: new WeakMap<Buffer, Verify>(), often: new WeakMap<Buffer, Verify>() };

/** Creates one verifier per key. It ignores times, because the clock of a verifier is fixed when it is created. */
function verifierOf(key: Buffer, remember: boolean): Verify {
    const known = remember ? verifiers.often : verifiers.once;
    let verify = known.get(key);
    if (verify === undefined) {
        const read = createVerifier({ key, algorithms: [algorithm], ignoreExpiration: true, ignoreNotBefore: true });
        const checked = (token: string): Claims => checkClaims(read(token));
        verify = remember ? remembering(checked) : checked;
        known.set(key, verify);
    }
    return verify;
}

/** Reads each token once, because an app sends the same token with every call for an hour. */
function remembering<T extends object>(read: (token: string) => T): (token: string) => T {
    // Strangers send tokens too, so the memory for them has a limit of its own.
    const known = new LRUCache<string, T>({
        max: mostRemembered,
        maxSize: mostRememberedCharacters,
        sizeCalculation: (_, token) => token.length,
    });
    return (token) => {
        let value = known.get(token);
        if (value === undefined) {
            value = read(token);
            known.set(token, value);
        }
        return value;
    };
}

function checkTimes({ exp, nbf }: Claims, now: number): void {
    if (typeof exp !== "number") {
        throw new TokenError("The token has no 'exp' claim.");
    }
    if (now > exp * 1000 + clockSkew) {
        throw new TokenError("The token has expired.");
    }
    if (nbf !== undefined && !(now >= nbf * 1000 - clockSkew)) {
        throw new TokenError("The token's 'nbf' claim does not hold now.");
    }
}

function toTokenError(error: unknown): TokenError {
    if (error instanceof TokenError) {
        return error;
    }
    const unsigned =
        error instanceof Refusal && (error.code === codes.invalidAlgorithm || error.code === codes.missingSignature);
    return new TokenError(unsigned ? `The token is not signed with ${algorithm}.` : "The token is not a JWT.");
}

/**
 * Whether an audience names the path or something below it, as it is written or URL-decoded once. Ignores case, scheme (http, https,
 * ws, wss) and query. The path is compared as the service's web server decodes it. Source: RestApiTests.Authentication.cs of the
 * vendor's own emulator.
 */
export function matchesAudience(audience: string, rule: AudienceRule): boolean {
    const match = /^(?:https?|wss?):\/\/([^/?#]+)(.*)$/is.exec(audience);
    if (match === null || !rule.hosts.includes((match[1] ?? "").toLowerCase())) {
        return false;
    }
    const paths = rule.asSent === true ? [decodePath(rule.path), rule.path] : [decodePath(rule.path)];
    const given = match[2] ?? "";
    return paths.some((path) =>
        [given, urlDecode(given)].some((text) => isBelow(text.toLowerCase(), path.toLowerCase())),
    );
}

function isBelow(audience: string, path: string): boolean {
    const wanted = path.replace(/\/$/, "");
    const named = audience.replace(/\?.*$/s, "");
    return audience === wanted || named === wanted || named.startsWith(`${wanted}/`);
}

function urlDecode(text: string): string {
    try {
        return decodeURIComponent(text.replaceAll("+", " "));
    } catch {
        return text;
    }
}
