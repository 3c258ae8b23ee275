import { createHash, randomBytes, randomUUID } from "node:crypto";
import { TOKEN_ERROR_CODES as codes, createDecoder, createSigner, createVerifier, TokenError } from "fast-jwt";
import type { Clock } from "../core/clock";
import { normalizeAudience } from "./audience";
import { AuthorizationError } from "./errors";
import type { Principal, TokenClaims } from "./types";

const decode = createDecoder();
const issuer = "https://sts.windows.net/emulator/";

export interface IssuedToken {
    token: string;
    /** Seconds since the epoch. */
    expiresOn: number;
}

interface IssueOptions {
    principal: Principal;
    audience: string;
    minutes: number;
}

export interface Tokens {
    issue(options: IssueOptions): IssuedToken;
    /** The principal's id. Throws `AuthorizationError` with status 401. */
    verify(options: { token: string; audience: string }): string;
    /** What a token for one of the audiences says. Throws `AuthorizationError` with status 401. */
    read(options: { token: string; audiences: readonly string[] }): TokenClaims;
    /** A token of a person who logged in to an app. The same name is the same person. */
    issueToUser(options: { name: string; clientId: string; minutes: number }): string;
}

/** Issues and verifies tokens. The secret never leaves this process, so only this emulator can issue them. */
export function createTokens(clock: Clock): Tokens {
    const secret = randomBytes(32);
    const sign = createSigner({ key: secret, algorithm: "HS256" });

    function issue(options: IssueOptions): IssuedToken {
        const now = Math.floor(clock.now() / 1000);
        const expiresOn = now + options.minutes * 60;
        const token = sign({
            oid: options.principal.principalId,
            appid: options.principal.clientId,
            idtyp: "app",
            iss: issuer,
            sub: options.principal.principalId,
            aud: normalizeAudience(options.audience),
            iat: now,
            nbf: now,
            exp: expiresOn,
            jti: randomUUID(),
        });
        return { token, expiresOn };
    }

    function verify(options: { token: string; audience: string }): string {
        const audience = normalizeAudience(options.audience);
        const read = createVerifier({
            key: secret,
            algorithms: ["HS256"],
            allowedAud: audience,
            allowedIss: issuer,
            clockTimestamp: clock.now(),
            requiredClaims: ["exp", "oid", "aud", "iss"],
        });
        try {
            return String(read(options.token).oid);
        } catch (error) {
            const reason =
                error instanceof TokenError ? reasonOf({ ...options, audience, error }) : "it cannot be read";
            throw new AuthorizationError(401, `The bearer token is refused: ${reason}.`);
        }
    }

    function read({ token, audiences }: { token: string; audiences: readonly string[] }): TokenClaims {
        const named = (safeDecode(token) as { aud?: unknown }).aud;
        // A token's own audience is the one to check when it is among those that are allowed.
        const audience = audiences.find((one) => normalizeAudience(one) === named) ?? audiences[0] ?? "";
        const oid = verify({ token, audience });
        const all = decode(token) as Record<string, unknown>;
        return { oid, appid: String(all.appid), name: String(all.name ?? oid), all };
    }

    function issueToUser({ name, clientId, minutes }: { name: string; clientId: string; minutes: number }): string {
        const now = Math.floor(clock.now() / 1000);
        const oid = personId(name);
        return sign({
            ...{ oid, sub: oid, appid: clientId, name, preferred_username: name, iss: issuer },
            aud: normalizeAudience(clientId),
            ...{ iat: now, nbf: now, exp: now + minutes * 60, jti: randomUUID() },
        });
    }

    return { issue, verify, read, issueToUser };
}

function safeDecode(token: string): object {
    try {
        return decode(token) as object;
    } catch {
        return {};
    }
}

/** The object id of a person: a GUID made of the name. */
function personId(name: string): string {
    const hex = createHash("sha256").update(name.toLowerCase()).digest("hex");
    return [
        hex.slice(0, 8),
        hex.slice(8, 12),
        `4${hex.slice(13, 16)}`,
        `8${hex.slice(17, 20)}`,
        hex.slice(20, 32),
    ].join("-");
}

const reasons: Partial<Record<TokenError["code"], string>> = {
    [codes.expired]: "it has expired",
    [codes.inactive]: "it is not valid yet",
    [codes.invalidAlgorithm]: "it is not signed with HS256",
    [codes.missingSignature]: "it is not signed with HS256",
    [codes.invalidSignature]:
        "its signature does not match; tokens of an emulator that was started before are of no use",
};

function reasonOf(options: { error: TokenError; token: string; audience: string }): string {
    const { code } = options.error;
    if (code === codes.invalidClaimValue || code === codes.missingRequiredClaim) {
        const { aud } = decode(options.token) as { aud?: unknown };
        return aud === options.audience
            ? `a claim is not acceptable: ${options.error.message.replace(/\.$/, "")}`
            : `it is for audience "${String(aud)}", and "${options.audience}" is needed`;
    }
    return reasons[code] ?? "it is not a JSON web token";
}
