import { type FSWatcher, watch } from "node:fs";
import type { Lock } from "../../engine/lock";

/** Calls `onLost` when somebody deletes the lock, usually with the whole folder. Returns a function that stops watching. */
export function watchLock({ folder, lock, onLost }: { folder: string; lock: Lock; onLost(): void }): () => void {
    let watcher: FSWatcher | undefined;
    const stop = () => watcher?.close();
    const look = () => {
        if (!lock.isHeld()) {
            stop();
            onLost();
        }
    };
    try {
        watcher = watch(folder, { persistent: false }, (_event, name) => {
            if (name === null || name === "lock") {
                look();
            }
        });
        // Systems differ in what they say when a watched folder goes.
        watcher.on("error", look);
    } catch {
        // Without a watcher, as on a system that has none left, the server ends in the other ways only.
    }
    return stop;
}
