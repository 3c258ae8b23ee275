import { rmSync } from "node:fs";
import { FileError } from "../emulator/core/persistence";
import type { Listener } from "./engine/events";
import { acquireLock } from "./engine/lock";
import { openState, type ResourceState } from "./engine/state";

/** Removes a stack with all its resources. Nothing needs to run for this, because their data are all in the folder. */
export function removeStack({ folder, stack, on }: { folder: string; stack: string; on: Listener }): void {
    const lock = acquireLock(folder, stack);
    try {
        const resources = [...resourcesIn(folder, on)].reverse();
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

/** The resources of a stack. A damaged state names none: the user asked to remove everything, and the folder is all there is. */
function resourcesIn(folder: string, on: Listener): Iterable<ResourceState> {
    try {
        return openState(folder).state.resources.values();
    } catch (error) {
        if (!(error instanceof FileError && error.isDamaged)) {
            throw error;
        }
        on({ kind: "message", level: "warning", text: error.message });
        return [];
    }
}
