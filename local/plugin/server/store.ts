import type { Emulator, EmulatorOptions } from "../../../emulator";
import type { World } from "../../azure/world";
import { changedPaths } from "../../engine/diff";
import type { Handler, Made, ProviderSettings } from "../../engine/handler";
import type { Resumed } from "../../engine/plan";
import { openState, type ResourceState } from "../../engine/state";
import type { Properties } from "../../engine/values";
import { openLiveWorld } from "../../live";
import { createSettings } from "../../settings";

export interface StoreOptions {
    folder: string;
    handlers: Map<string, Handler>;
    startEmulator(options: EmulatorOptions): Promise<Emulator>;
    log: NonNullable<EmulatorOptions["log"]>;
}

/** What exists in one local Azure. The CLI has its own idea of that, which may be older. */
export interface Store {
    settings(location?: string): ProviderSettings;
    /** Starts the emulator, with everything that existed before. */
    world(): Promise<World>;
    /** The resource as it is, once what existed before is open again; undefined when there is none, or no longer. */
    find(id: string): Promise<ResourceState | undefined>;
    /** Why a resource is not where it was, although nobody changed it. */
    moved(id: string): string | undefined;
    put(options: { type: string; name: string; inputs: Properties; made: Made }): void;
    /** Deletes a resource and, as Azure does, whatever is inside it. */
    remove(id: string): Promise<void>;
    isEmpty(): boolean;
    /** Whether nothing is left because the last resource was deleted. */
    isEmptied(): boolean;
    close(): Promise<void>;
}

const sameId = (one: string, other: string) => one.toLowerCase() === other.toLowerCase();
const isInside = (id: string, outer: string) => id.toLowerCase().startsWith(`${outer.toLowerCase()}/`);

export function openStore(options: StoreOptions): Store {
    const file = openState(options.folder);
    const { resources } = file.state;
    const settings = createSettings({ file });
    let moved = new Map<string, Resumed>();
    let opening: Promise<World> | undefined;
    let removed = false;

    async function openWorld(): Promise<World> {
        // Dependencies are the CLI's secret; the order in which things were made is as good for most.
        let previous: string | undefined;
        for (const resource of resources.values()) {
            resource.dependencies = previous === undefined ? [] : [previous];
            previous = resource.urn;
        }
        const { world, resumed } = await openLiveWorld({ ...options, settings, file });
        moved = resumed;
        await retryLost(world);
        for (const [key, { lost, reason }] of moved) {
            options.log({
                level: lost ? "error" : "warning",
                source: resources.get(key)?.name ?? key,
                message: reason,
            });
            if (lost) {
                resources.delete(key);
            }
        }
        return world;
    }

    /** A resource that was changed later may need one that was made after it. */
    async function retryLost(world: World): Promise<void> {
        let progress = true;
        while (progress) {
            progress = false;
            for (const [key, { lost }] of moved) {
                const resource = resources.get(key);
                const handler = resource && options.handlers.get(resource.type);
                if (!lost || !handler) {
                    continue;
                }
                const made = await handler.resume({ world, inputs: resource.inputs, before: resource }).catch(() => {});
                if (!made) {
                    continue;
                }
                const changed = changedPaths({ before: resource.outputs, after: made.outputs });
                resource.outputs = made.outputs;
                resource.keep = made.keep ?? resource.keep;
                if (changed.length === 0) {
                    moved.delete(key);
                } else {
                    moved.set(key, { lost: false, reason: `${changed.join(", ")} changed` });
                }
                progress = true;
            }
        }
    }

    function world(): Promise<World> {
        opening ??= openWorld().catch((error: unknown) => {
            opening = undefined;
            throw error;
        });
        return opening;
    }

    function locate(id: string): ResourceState | undefined {
        return resources.get(id) ?? [...resources.values()].find((resource) => sameId(resource.id, id));
    }

    async function removeOne(resource: ResourceState): Promise<void> {
        const { id, inputs, outputs, keep } = resource;
        await options.handlers
            .get(resource.type)
            ?.remove({ world: await world(), made: { id, outputs, keep }, inputs });
        resources.delete(resource.urn);
        moved.delete(resource.urn);
        removed = true;
        file.save();
    }

    return {
        settings: (location) => ({ ...settings, ...(location && { location }) }),
        world,
        async find(id) {
            if (resources.size > 0) {
                await world();
            }
            return locate(id);
        },
        moved: (id) => moved.get(locate(id)?.urn ?? id)?.reason,
        put({ type, name, inputs, made }) {
            const { id, outputs, keep = {} } = made;
            const urn = locate(id)?.urn ?? id;
            moved.delete(urn);
            resources.set(urn, {
                // While the CLI replaces a resource, two of them have one URN.
                urn,
                type,
                name,
                id,
                inputs,
                outputs,
                keep,
                custom: true,
                secrets: [],
                dependencies: [],
                propertyDependencies: {},
                protect: false,
                retainOnDelete: false,
            });
            file.save();
        },
        async remove(id) {
            if (resources.size > 0) {
                await world();
            }
            const resource = locate(id);
            if (!resource) {
                return;
            }
            const inside = [...resources.values()].filter((other) => isInside(other.id, resource.id));
            for (const other of inside.reverse()) {
                await removeOne(other);
            }
            await removeOne(resource);
        },
        isEmpty: () => resources.size === 0,
        isEmptied: () => removed && resources.size === 0,
        async close() {
            const opened = await opening?.catch(() => undefined);
            await opened?.emulator.close();
        },
    };
}
