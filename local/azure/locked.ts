import { armError } from "./armErrors";
import type { World } from "./world";

export const lockType = "Microsoft.Authorization/locks";

/** Parts whose deletion goes to a data plane, which knows no locks. */
const outOfReach = [lockType, "Microsoft.KeyVault/vaults/secrets"].map((type) => type.toLowerCase());

/**
 * Throws when a lock at or above a resource forbids to delete or change it, as Azure Resource Manager does. A lock counts for what
 * lies in its scope, roles on it included. Source: learn, azure-resource-manager/management/lock-resources.
 */
export function refuseLocked(
    world: World,
    { id, armType, action }: { id: string; armType: string; action: "delete" | "write" },
): void {
    if (outOfReach.includes(armType.toLowerCase())) {
        return;
    }
    const at = `${id.toLowerCase()}/`;
    const lock = world.locks
        .all()
        .find(
            ({ scope, level }) =>
                at.startsWith(`${scope.toLowerCase()}/`) && (action === "delete" || level === "ReadOnly"),
        );
    if (lock !== undefined) {
        throw armError({
            status: 409,
            code: "ScopeLocked",
            message:
                `The scope '${id}' cannot perform ${action} operation because following scope(s) are locked: '${lock.scope}'. ` +
                "Please remove the lock and try again.",
            hint: `The lock is ${lock.id}`,
        });
    }
}
