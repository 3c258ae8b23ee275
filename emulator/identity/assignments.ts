import { isWithin } from "../core/resourceId";
import { type RoleName, roleDisplayName, roles } from "./roles";
import type { Principal, RoleAssignment, TimedAssignment } from "./types";

/** Whether one of the assignments that act by now gives the principal one of the roles at the scope or above it. */
export function isGranted(options: {
    assignments: Iterable<TimedAssignment>;
    principalId: string;
    anyRole: readonly RoleName[];
    scope: string;
    /** Milliseconds of the clock's elapsed time. */
    elapsed: number;
}): boolean {
    const roleIds = new Set<string>(options.anyRole.map((name) => roles[name]));
    for (const assignment of options.assignments) {
        if (
            sameId(assignment.principalId, options.principalId) &&
            roleIds.has(assignment.roleId) &&
            assignment.actsFrom <= options.elapsed &&
            isWithin(options.scope, assignment.scope)
        ) {
            return true;
        }
    }
    return false;
}

/** Describes the missing role and its scope, and the late assignment or else the roles that the principal has. */
export function describeMissingRole(options: {
    principal: Principal | undefined;
    principalId: string;
    anyRole: readonly RoleName[];
    scope: string;
    assignments: Iterable<TimedAssignment>;
    elapsed: number;
}): string {
    const owner = options.principal === undefined ? "of no resource that exists" : `of ${options.principal.resourceId}`;
    const wanted = options.anyRole.map((name) => `"${roleDisplayName(roles[name])}"`).join(" or ");
    const own = [...options.assignments].filter(({ principalId }) => sameId(principalId, options.principalId));
    // A wanted role that only does not act yet is the whole explanation.
    const late = own.filter((one) => isGranted({ ...options, assignments: [one], elapsed: one.actsFrom }));
    const assigned = (late.length > 0 ? late : own).map(
        (one) => `"${roleDisplayName(one.roleId)}" on ${one.scope}${wait(one, options.elapsed)}`,
    );
    return (
        `principal ${options.principalId} (${owner}) does not have role ${wanted} on ${options.scope}; ` +
        `assigned: ${assigned.join(", ") || "none"}`
    );
}

/** Says of an assignment that does not act yet when it will. */
function wait({ actsFrom }: TimedAssignment, elapsed: number): string {
    return actsFrom <= elapsed ? "" : ` (it acts in ${Math.ceil((actsFrom - elapsed) / 1000)} s)`;
}

/** Whether a message of `describeMissingRole`, or one that quotes it, names a role that acts later. */
export function namesLateRole(message: string): boolean {
    return /\(it acts in \d+ s\)/.test(message);
}

/** Whether two assignments give the same principal the same role at the same scope. */
export function isSameGrant(a: RoleAssignment, b: RoleAssignment): boolean {
    return sameId(a.principalId, b.principalId) && sameId(a.roleId, b.roleId) && sameId(a.scope, b.scope);
}

export function sameId(a: string, b: string): boolean {
    return a.toLowerCase() === b.toLowerCase();
}
