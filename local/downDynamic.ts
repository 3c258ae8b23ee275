import { messageOf } from "../emulator/core/errors";
import { FileError } from "../emulator/core/persistence";
import type { World } from "./azure/world";
import { createDynamicProvider, isDynamic } from "./engine/dynamic";
import type { Listener } from "./engine/events";
import type { Handlers } from "./engine/handlers";
import { acquireLock } from "./engine/lock";
import { readProject, readStackConfig } from "./engine/project";
import { deletionOrder, forget } from "./engine/removal";
import { openState, type ResourceState, type StateFile } from "./engine/state";
import type { Place } from "./place";

const noHandlers: Handlers = { get: () => undefined, refusal: () => "" };

/** The state of a stack that `removeStack` removes. It tells itself why it does not remove another one. */
function openRemovable(folder: string): StateFile | undefined {
    try {
        const file = openState(folder);
        return [...file.state.resources.values()].some(({ protect }) => protect) ? undefined : file;
    } catch (error) {
        if (error instanceof FileError) {
            return undefined;
        }
        throw error;
    }
}

/**
 * Lets the code of a stack's dynamic resources delete what it has made, which is outside of the stack's folder. Where that fails, the
 * stack keeps what is left.
 */
export async function removeDynamic({ projectDir, stack, folder, on }: Place & { on: Listener }): Promise<void> {
    const lock = acquireLock(folder, stack);
    try {
        const file = openRemovable(folder);
        const { condemned = [], resources } = file?.state ?? {};
        const all = [...condemned, ...deletionOrder(resources?.values() ?? [])];
        const left = all.filter(({ type, retainOnDelete }) => isDynamic(type) && !retainOnDelete);
        if (file !== undefined && left.length > 0) {
            await removeEach(left, { projectDir, stack, file, on });
        }
    } finally {
        lock.release();
    }
}

async function removeEach(
    left: ResourceState[],
    { projectDir, stack, file, on }: Omit<Place, "folder"> & { file: StateFile; on: Listener },
): Promise<void> {
    let provider: ReturnType<typeof createDynamicProvider> | undefined;
    try {
        const project = readProject(projectDir);
        const { values: config } = readStackConfig({ project, stack });
        const onLine = (text: string) => on({ kind: "message", level: "info", text });
        provider = createDynamicProvider({ project, stack, config, preview: false, onLine });
        const handlers = provider.over(noHandlers);
        // The code of a dynamic resource knows nothing of the local Azure.
        const world = {} as World;
        for (const made of left) {
            const { urn, type, name, parent, inputs } = made;
            if (made.deletedWith === undefined) {
                await handlers.get(type)?.remove({ world, made, inputs });
            }
            forget(file, made);
            const label = { urn, type, name, custom: true, ...(parent && { parent }) };
            on({ kind: "finished", step: { ...label, operation: "deleted", seconds: 0, changed: [] } });
        }
    } catch (error) {
        const names = left.map(({ name }) => name).join(", ");
        throw new Error(
            `Stack "${stack}" has dynamic resources, which only their own code deletes: ${names}. That failed: ${messageOf(error)}`,
        );
    } finally {
        provider?.close();
    }
}
