import { isWithin } from "../core/resourceId";
import { type RoleName, roleDisplayName, roles } from "./roles";
import type { Principal, RoleAssignment } from "./types";

/** Whether one of the assignments gives the principal one of the roles at the scope or above it. */
export function isGranted(o: {
    assignments: Iterable<RoleAssignment>;
    principalId: string;
    anyRole: readonly RoleName[];
    scope: string;
}): boolean {
    const roleIds = new Set<string>(o.anyRole.map((name) => roles[name]));
    for (const assignment of o.assignments) {
        if (
            sameId(assignment.principalId, o.principalId) &&
            roleIds.has(assignment.roleId) &&
            isWithin(o.scope, assignment.scope)
        ) {
            return true;
        }
    }
    return false;
}

/** Says who lacks which role where, and what they have instead: enough to find the missing assignment. */
export function describeMissingRole(o: {
    principal: Principal | undefined;
    principalId: string;
    anyRole: readonly RoleName[];
    scope: string;
    assignments: Iterable<RoleAssignment>;
}): string {
    const owner = o.principal === undefined ? "of no resource that exists" : `of ${o.principal.resourceId}`;
    const wanted = o.anyRole.map((name) => `"${roleDisplayName(roles[name])}"`).join(" or ");
    const assigned = [...o.assignments]
        .filter((assignment) => sameId(assignment.principalId, o.principalId))
        .map((assignment) => `"${roleDisplayName(assignment.roleId)}" on ${assignment.scope}`);
    return (
        `principal ${o.principalId} (${owner}) does not have role ${wanted} on ${o.scope}; ` +
        `assigned: ${assigned.join(", ") || "none"}`
    );
}

export function sameId(a: string, b: string): boolean {
    return a.toLowerCase() === b.toLowerCase();
}
