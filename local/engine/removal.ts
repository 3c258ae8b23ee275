import type { World } from "../azure/world";
import { touches } from "./diff";
import type { Listener, Step } from "./events";
import type { Handler } from "./handler";
import type { ResourceState, StackState, StateFile } from "./state";

interface RemovalOptions {
    file: StateFile;
    handlers: Map<string, Handler>;
}

async function remove(options: {
    world: World;
    handlers: Map<string, Handler>;
    resource: ResourceState;
}): Promise<void> {
    const { id, outputs, keep, inputs, retainOnDelete, type, name } = options.resource;
    if (retainOnDelete) {
        return;
    }
    try {
        await options.handlers.get(type)?.remove({ world: options.world, made: { id, outputs, keep }, inputs });
    } catch (error) {
        throw new Error(`${type} ${name} could not be deleted: ${error instanceof Error ? error.message : error}`);
    }
}

/** Deletes one resource and forgets it. */
export async function removeNow(options: RemovalOptions & { world: World; resource: ResourceState }): Promise<void> {
    await remove(options);
    options.file.state.resources.delete(options.resource.urn);
    options.file.save();
}

/** What goes down with a resource that is deleted before it is made again: those that name it in an input they cannot change. */
export function findDependents(options: {
    of: ResourceState;
    state: StackState;
    handlers: Map<string, Handler>;
}): ResourceState[] {
    const doomed = new Set([options.of.urn]);
    const found: ResourceState[] = [];
    for (const resource of options.state.resources.values()) {
        if (!resource.custom || doomed.has(resource.urn)) {
            continue;
        }
        const paths = Object.entries(resource.propertyDependencies)
            .filter(([, urns]) => urns.some((urn) => doomed.has(urn)))
            .map(([path]) => path);
        if (!touches(paths, options.handlers.get(resource.type)?.replaceOn ?? [])) {
            continue;
        }
        doomed.add(resource.urn);
        found.unshift(resource);
    }
    return found;
}

/** Deletes old halves of replaced resources and whatever the program no longer registers, last made first. */
export async function removeLeftovers(
    options: RemovalOptions & {
        seen: Set<string>;
        preview: boolean;
        world: () => Promise<World>;
        now(): number;
        report(step: Step): void;
        on: Listener;
    },
): Promise<void> {
    const { state } = options.file;
    const leftovers = [...state.resources.values()].filter((resource) => !options.seen.has(resource.urn)).reverse();
    const guarded = leftovers.filter((resource) => resource.protect).map((resource) => resource.name);
    if (guarded.length > 0) {
        throw new Error(
            `Protected and no longer in the program: ${guarded.join(", ")}. Take the protect option off first.`,
        );
    }
    if (!options.preview) {
        for (const resource of [...state.condemned].reverse()) {
            await remove({ ...options, world: await options.world(), resource });
            state.condemned.splice(state.condemned.indexOf(resource), 1);
            options.file.save();
        }
    }
    for (const resource of leftovers) {
        const { urn, type, name, parent, custom } = resource;
        const label = { urn, type, name, ...(parent && { parent }), custom };
        const began = options.now();
        if (!options.preview) {
            options.on({ kind: "started", ...label });
            await removeNow({ ...options, world: await options.world(), resource });
        }
        options.report({ ...label, operation: "deleted", seconds: (options.now() - began) / 1000, changed: [] });
    }
}
