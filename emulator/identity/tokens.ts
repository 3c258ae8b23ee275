import { randomBytes, randomUUID } from "node:crypto";
import { errors, jwtVerify, SignJWT } from "jose";
import type { Clock } from "../core/clock";
import { normalizeAudience } from "./audience";
import { AuthorizationError } from "./errors";
import type { Principal } from "./types";

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
    issue(o: IssueOptions): Promise<IssuedToken>;
    /** The principal's id. Throws `AuthorizationError` with status 401. */
    verify(o: { token: string; audience: string }): Promise<string>;
}

/** Tokens that only this emulator issues and accepts: the secret is made here and never leaves. */
export function createTokens(clock: Clock): Tokens {
    const secret = randomBytes(32);

    async function issue(o: IssueOptions): Promise<IssuedToken> {
        const now = Math.floor(clock.now() / 1000);
        const expiresOn = now + o.minutes * 60;
        const token = await new SignJWT({ oid: o.principal.principalId, appid: o.principal.clientId, idtyp: "app" })
            .setProtectedHeader({ alg: "HS256", typ: "JWT" })
            .setIssuer(issuer)
            .setSubject(o.principal.principalId)
            .setAudience(normalizeAudience(o.audience))
            .setIssuedAt(now)
            .setNotBefore(now)
            .setExpirationTime(expiresOn)
            .setJti(randomUUID())
            .sign(secret);
        return { token, expiresOn };
    }

    async function verify(o: { token: string; audience: string }): Promise<string> {
        const audience = normalizeAudience(o.audience);
        try {
            const { payload } = await jwtVerify(o.token, secret, {
                algorithms: ["HS256"],
                audience,
                issuer,
                currentDate: new Date(clock.now()),
                requiredClaims: ["exp", "oid"],
            });
            return String(payload.oid);
        } catch (error) {
            throw new AuthorizationError(401, `The bearer token is refused: ${reasonOf(error, audience)}.`);
        }
    }

    return { issue, verify };
}

function reasonOf(error: unknown, audience: string): string {
    if (error instanceof errors.JWTExpired) {
        return "it has expired";
    }
    if (error instanceof errors.JWTClaimValidationFailed) {
        return error.claim === "aud"
            ? `it is for audience "${String(error.payload.aud)}", and "${audience}" is needed`
            : `its claim "${error.claim}" is not acceptable`;
    }
    if (error instanceof errors.JOSEAlgNotAllowed) {
        return "it is not signed with HS256";
    }
    if (error instanceof errors.JWSSignatureVerificationFailed) {
        return "its signature does not match; tokens of an emulator that was started before are of no use";
    }
    return "it is not a JSON web token";
}
