import { rmSync } from "node:fs";
import type { Listener } from "./engine/events";
import { acquireLock } from "./engine/lock";
import { openState } from "./engine/state";

/** Removes a stack with everything it holds. All of it lives in its folder, so nothing has to be started for that. */
export function removeStack(options: { folder: string; stack: string; on: Listener }): void {
    const lock = acquireLock(options.folder, options.stack);
    try {
        const resources = [...openState(options.folder).state.resources.values()].reverse();
        const guarded = resources.filter((resource) => resource.protect).map((resource) => resource.name);
        if (guarded.length > 0) {
            throw new Error(`Protected: ${guarded.join(", ")}. Take the protect option off first.`);
        }
        rmSync(options.folder, { recursive: true, force: true });
        for (const { urn, type, name, custom, parent } of resources) {
            const label = { urn, type, name, custom, ...(parent && { parent }) };
            options.on({ kind: "finished", step: { ...label, operation: "deleted", seconds: 0, changed: [] } });
        }
    } finally {
        lock.release();
    }
}
