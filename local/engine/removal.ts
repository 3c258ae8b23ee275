import { messageOf } from "../../emulator/core/errors";
import type { World } from "../azure/world";
import { touches } from "./diff";
import type { Listener, Step } from "./events";
import type { Handlers } from "./handlers";
import { isProvider } from "./providers";
import type { ResourceState, StackState, StateFile } from "./state";

interface RemovalOptions {
    file: StateFile;
    handlers: Handlers;
    /** URNs of resources that this update deletes. */
    deletions: ReadonlySet<string>;
}

async function remove({
    world,
    handlers,
    resource,
    deletions,
}: Omit<RemovalOptions, "file"> & { world: World; resource: ResourceState }): Promise<void> {
    const { id, outputs, keep, inputs, retainOnDelete, deletedWith, type, name } = resource;
    if (retainOnDelete || (deletedWith !== undefined && deletions.has(deletedWith))) {
        return;
    }
    try {
        await handlers.get(type)?.remove({ world, made: { id, outputs, keep }, inputs });
    } catch (error) {
        throw new Error(`${type} ${name} could not be deleted: ${messageOf(error)}`);
    }
}

/** Deletes one resource, or one that was replaced, and removes it from the state. */
export async function removeNow(options: RemovalOptions & { world: World; resource: ResourceState }): Promise<void> {
    await remove(options);
    forget(options.file, options.resource);
}

/** Removes a deleted resource from the state, which keeps those that were replaced beside the others. */
export function forget(file: StateFile, resource: ResourceState): void {
    const { condemned, resources } = file.state;
    const at = condemned.indexOf(resource);
    at < 0 ? resources.delete(resource.urn) : condemned.splice(at, 1);
    file.save();
}

/**
 * Resources that must be deleted before a resource is deleted and recreated: each refers to it, or to another one of them,
 * in an input whose change replaces the resource. The last dependent comes first.
 */
export function findDependents({
    of,
    state,
    handlers,
}: {
    of: ResourceState;
    state: StackState;
    handlers: Handlers;
}): ResourceState[] {
    const doomed = new Set([of.urn]);
    const found: ResourceState[] = [];
    for (const resource of state.resources.values()) {
        if (!resource.custom || doomed.has(resource.urn)) {
            continue;
        }
        const paths = Object.entries(resource.propertyDependencies)
            .filter(([, urns]) => urns.some((urn) => doomed.has(urn)))
            .map(([path]) => path);
        const replaceOn = [...(handlers.get(resource.type)?.replaceOn ?? []), ...(resource.replaceOnChanges ?? [])];
        if (!touches(paths, replaceOn)) {
            continue;
        }
        doomed.add(resource.urn);
        found.unshift(resource);
    }
    return found;
}

/** The resources, newest first, and each after those that depend on it: an update that failed has put some of them last. */
export function deletionOrder(resources: Iterable<ResourceState>): ResourceState[] {
    const left = [...resources].reverse();
    const ordered = new Set<ResourceState>();
    const waiting = new Set<ResourceState>();
    const add = (resource: ResourceState) => {
        if (ordered.has(resource) || waiting.has(resource)) {
            return;
        }
        waiting.add(resource);
        const { urn } = resource;
        left.filter(({ dependencies, parent }) => parent === urn || dependencies.includes(urn)).forEach(add);
        ordered.add(resource);
    };
    left.forEach(add);
    return [...ordered];
}

/** Deletes replaced resources and those that the program no longer registers, newest first. */
export async function removeLeftovers(
    options: Omit<RemovalOptions, "deletions"> & {
        seen: Set<string>;
        preview: boolean;
        world: () => Promise<World>;
        now(): number;
        report(step: Step): void;
        on: Listener;
    },
): Promise<void> {
    const { state } = options.file;
    const leftovers = deletionOrder(state.resources.values()).filter(({ urn }) => !options.seen.has(urn));
    const guarded = leftovers.filter((resource) => resource.protect).map((resource) => resource.name);
    if (guarded.length > 0) {
        throw new Error(
            `The program no longer has these protected resources: ${guarded.join(", ")}. Remove their protect option first.`,
        );
    }
    const deletions = new Set([...leftovers, ...state.condemned].map(({ urn }) => urn));
    if (!options.preview) {
        for (const resource of [...state.condemned].reverse()) {
            await removeNow({ ...options, deletions, world: await options.world(), resource });
        }
    }
    for (const resource of leftovers) {
        const { urn, type, name, parent } = resource;
        const label = { urn, type, name, ...(parent && { parent }), custom: resource.custom && !isProvider(type) };
        const began = options.now();
        if (!options.preview) {
            options.on({ kind: "started", ...label });
            await removeNow({ ...options, deletions, world: await options.world(), resource });
        }
        options.report({ ...label, operation: "deleted", seconds: (options.now() - began) / 1000, changed: [] });
    }
}
