import { randomBytes } from "node:crypto";
import { createServer } from "node:http";
import type { Clock } from "../core/clock";
import { closeServer, listen } from "../core/http";
import { describeMissingRole, isGranted } from "./assignments";
import { createTokenEndpoint } from "./endpoint";
import { AuthorizationError } from "./errors";
import { createTokens } from "./tokens";
import type {
    Identity,
    IdentitySession,
    Principal,
    RoleAssignment,
    RoleCheck,
    TokenCheck,
    TokenRequest,
} from "./types";

const defaultTokenMinutes = 60;
/** App Service's tokens of managed identities are valid for a day. */
const managedIdentityMinutes = 24 * 60;

/** Starts the identity part of an emulator and its managed identity endpoint. */
export async function openIdentity({ clock }: { clock: Clock }): Promise<Identity> {
    const principals = new Map<string, Principal>();
    const assignments = new Map<string, RoleAssignment>();
    const sessions = new Map<string, readonly Principal[]>();
    const tokens = createTokens(clock);

    const server = createServer(
        createTokenEndpoint({
            principalsFor: (header) => sessions.get(header),
            issue: (options) => tokens.issue({ ...options, minutes: managedIdentityMinutes }),
        }),
    );
    const port = await listen(server);

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
        const check = { principalId, anyRole, scope, assignments: [...assignments.values()] };
        if (principal === undefined || !isGranted(check)) {
            throw new AuthorizationError(403, describeMissingRole({ ...check, principal }));
        }
    }

    async function authorize({ token, audience, anyRole, scope }: TokenCheck): Promise<{ principalId: string }> {
        const principalId = tokens.verify({ token, audience });
        requireRole({ principalId, anyRole, scope });
        return { principalId };
    }

    return {
        endpoint: `http://localhost:${port}/msi/token`,
        addPrincipal: (principal) => void principals.set(principal.principalId.toLowerCase(), principal),
        removePrincipal: (principalId) => void principals.delete(principalId.toLowerCase()),
        assignRole: (assignment) =>
            void assignments.set(assignment.id.toLowerCase(), {
                ...assignment,
                roleId: assignment.roleId.toLowerCase(),
            }),
        removeRole: (id) => void assignments.delete(id.toLowerCase()),
        openIdentitySession,
        issueToken,
        authorize,
        requireRole,
        close: () => closeServer(server),
    };
}
