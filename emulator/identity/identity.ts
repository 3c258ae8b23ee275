import { randomBytes } from "node:crypto";
import type { Clock } from "../core/clock";
import type { Log } from "../core/log";
import { openServer, type ServerSettings } from "../core/server";
import { describeMissingRole, isGranted, isSameGrant } from "./assignments";
import { createTokenEndpoint } from "./endpoint";
import { AuthorizationError } from "./errors";
import { createTokens } from "./tokens";
import type {
    Identity,
    IdentitySession,
    Principal,
    RoleAssignment,
    RoleCheck,
    TimedAssignment,
    TokenCheck,
    TokenRequest,
} from "./types";

const defaultTokenMinutes = 60;
/** App Service's tokens of managed identities are valid for a day. */
const managedIdentityMinutes = 24 * 60;
/** Sessions of App Service last eight hours. */
const sessionMinutes = 8 * 60;

export interface IdentityOptions {
    clock: Clock;
    /** A role acts this long after its assignment was made. Defaults to 0. */
    roleDelayMilliseconds?: number;
    servers?: ServerSettings;
    /** Defaults to no log. */
    log?: Log;
}

/** Starts the identity part of an emulator and its managed identity endpoint. */
export async function openIdentity({
    clock,
    roleDelayMilliseconds = 0,
    servers,
    log,
}: IdentityOptions): Promise<Identity> {
    const principals = new Map<string, Principal>();
    const assignments = new Map<string, TimedAssignment>();
    const sessions = new Map<string, readonly Principal[]>();
    const tokens = createTokens(clock);

    const server = await openServer({
        settings: servers,
        log: (level, message) => log?.({ level, source: "identity", message }),
        request: createTokenEndpoint({
            principalsFor: (header) => sessions.get(header),
            issue: (options) => tokens.issue({ ...options, minutes: managedIdentityMinutes }),
        }),
    });

    async function issueToken({ principalId, audience, minutes }: TokenRequest): Promise<string> {
        const principal = principals.get(principalId.toLowerCase());
        if (principal === undefined) {
            throw new AuthorizationError(401, `There is no principal ${principalId}, so it gets no token.`);
        }
        const { token } = tokens.issue({ principal, audience, minutes: minutes ?? defaultTokenMinutes });
        return token;
    }

    function openIdentitySession(members: readonly Principal[]): IdentitySession {
        const header = randomBytes(24).toString("hex");
        sessions.set(header, [...members]);
        return { header, close: () => void sessions.delete(header) };
    }

    function requireRole({ principalId, anyRole, scope }: RoleCheck): void {
        const principal = principals.get(principalId.toLowerCase());
        const check = { principalId, anyRole, scope, elapsed: clock.elapsed(), assignments: [...assignments.values()] };
        if (principal === undefined || !isGranted(check)) {
            throw new AuthorizationError(403, describeMissingRole({ ...check, principal }));
        }
    }

    function assignRole(assignment: RoleAssignment): void {
        const key = assignment.id.toLowerCase();
        const before = assignments.get(key);
        // Azure keeps the time of an assignment that is written again without a change.
        const known = before !== undefined && isSameGrant(before, assignment) ? before.createdOn : undefined;
        const now = clock.now();
        const createdOn = assignment.createdOn ?? known ?? now;
        // No role waits longer than its delay, also when the clock is set back.
        const wait = Math.min(Math.max(0, createdOn + roleDelayMilliseconds - now), roleDelayMilliseconds);
        const roleId = assignment.roleId.toLowerCase();
        assignments.set(key, { ...assignment, roleId, createdOn, actsFrom: clock.elapsed() + wait });
    }

    async function authorize({ token, audience, anyRole, scope }: TokenCheck): Promise<{ principalId: string }> {
        const principalId = tokens.verify({ token, audience });
        requireRole({ principalId, anyRole, scope });
        return { principalId };
    }

    return {
        endpoint: `http://localhost:${server.port}/msi/token`,
        addPrincipal: (principal) => void principals.set(principal.principalId.toLowerCase(), principal),
        removePrincipal: (principalId) => void principals.delete(principalId.toLowerCase()),
        assignRole,
        removeRole: (id) => void assignments.delete(id.toLowerCase()),
        openIdentitySession,
        issueToken,
        issueUserToken: (request) => tokens.issueToUser({ ...request, minutes: sessionMinutes }),
        readToken: tokens.read,
        authorize,
        requireRole,
        close: server.close,
    };
}
