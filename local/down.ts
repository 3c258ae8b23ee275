import { rmSync } from "node:fs";
import type { Listener } from "./engine/events";
import { acquireLock } from "./engine/lock";
import { openState } from "./engine/state";

/** Removes a stack with all its resources. Nothing needs to run for this, because their data are all in the folder. */
export function removeStack({ folder, stack, on }: { folder: string; stack: string; on: Listener }): void {
    const lock = acquireLock(folder, stack);
    try {
        const resources = [...openState(folder).state.resources.values()].reverse();
        const guarded = resources.filter((resource) => resource.protect).map((resource) => resource.name);
        if (guarded.length > 0) {
            throw new Error(
                `Stack "${stack}" has protected resources: ${guarded.join(", ")}. Remove their protect option and update first.`,
            );
        }
        rmSync(folder, { recursive: true, force: true });
        for (const { urn, type, name, custom, parent } of resources) {
            const label = { urn, type, name, custom, ...(parent && { parent }) };
            on({ kind: "finished", step: { ...label, operation: "deleted", seconds: 0, changed: [] } });
        }
    } finally {
        lock.release();
    }
}
