import { isWithin } from "../core/resourceId";
import { type RoleName, roleDisplayName, roles } from "./roles";
import type { Principal, RoleAssignment } from "./types";

/** Whether one of the assignments gives the principal one of the roles at the scope or above it. */
export function isGranted(options: {
    assignments: Iterable<RoleAssignment>;
    principalId: string;
    anyRole: readonly RoleName[];
    scope: string;
}): boolean {
    const roleIds = new Set<string>(options.anyRole.map((name) => roles[name]));
    for (const assignment of options.assignments) {
        if (
            sameId(assignment.principalId, options.principalId) &&
            roleIds.has(assignment.roleId) &&
            isWithin(options.scope, assignment.scope)
        ) {
            return true;
        }
    }
    return false;
}

/** Describes the missing role and its scope, and the roles that the principal has: enough to find the missing assignment. */
export function describeMissingRole(options: {
    principal: Principal | undefined;
    principalId: string;
    anyRole: readonly RoleName[];
    scope: string;
    assignments: Iterable<RoleAssignment>;
}): string {
    const owner = options.principal === undefined ? "of no resource that exists" : `of ${options.principal.resourceId}`;
    const wanted = options.anyRole.map((name) => `"${roleDisplayName(roles[name])}"`).join(" or ");
    const assigned = [...options.assignments]
        .filter((assignment) => sameId(assignment.principalId, options.principalId))
        .map((assignment) => `"${roleDisplayName(assignment.roleId)}" on ${assignment.scope}`);
    return (
        `principal ${options.principalId} (${owner}) does not have role ${wanted} on ${options.scope}; ` +
        `assigned: ${assigned.join(", ") || "none"}`
    );
}

export function sameId(a: string, b: string): boolean {
    return a.toLowerCase() === b.toLowerCase();
}
