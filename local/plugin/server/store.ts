import type { Emulator, EmulatorOptions } from "../../../emulator";
import type { AzureTiming } from "../../../emulator/core/timing";
import type { FunctionsHost } from "../../../emulator/functions/options";
import type { World } from "../../azure/world";
import { changedPaths } from "../../engine/diff";
import type { Made } from "../../engine/handler";
import type { Handlers } from "../../engine/handlers";
import type { Resumed } from "../../engine/plan";
import { createSettings, type ProviderSettings } from "../../engine/settings";
import { openState, type ResourceState, type StateFile } from "../../engine/state";
import type { Decoded } from "../../engine/values";
import { openLiveWorld } from "../../live";

export interface StoreOptions {
    folder: string;
    handlers: Handlers;
    startEmulator(options: EmulatorOptions): Promise<Emulator>;
    log: NonNullable<EmulatorOptions["log"]>;
    azureTiming?: AzureTiming;
    functionsHost?: FunctionsHost;
}

const sameId = (one: string, other: string) => one.toLowerCase() === other.toLowerCase();
const isInside = (id: string, outer: string) => id.toLowerCase().startsWith(`${outer.toLowerCase()}/`);

/** The resources that exist in one local Azure. The state of the CLI may be older than this. */
export class Store {
    private readonly file: StateFile;
    private readonly resources: Map<string, ResourceState>;
    private readonly ownSettings: ProviderSettings;
    private resumed = new Map<string, Resumed>();
    private opening: Promise<World> | undefined;
    private hasRemoved = false;

    constructor(private readonly options: StoreOptions) {
        this.file = openState(options.folder);
        this.resources = this.file.state.resources;
        this.ownSettings = createSettings({ file: this.file });
    }

    settings(location?: string): ProviderSettings {
        return { ...this.ownSettings, ...(location && { location }) };
    }

    /** Starts the emulator at the first call, with every resource of the last run in it. */
    world(): Promise<World> {
        this.opening ??= this.openWorld().catch((error: unknown) => {
            this.opening = undefined;
            throw error;
        });
        return this.opening;
    }

    /** The resource with this id, after the resources of the last run have reopened; undefined when none has the id. */
    async find(id: string): Promise<ResourceState | undefined> {
        if (!this.isEmpty()) {
            await this.world();
        }
        return this.locate(id);
    }

    /** Why the outputs of a resource changed although nobody updated it, or why it is lost. */
    moved(id: string): string | undefined {
        return this.resumed.get(this.locate(id)?.urn ?? id)?.reason;
    }

    put({ type, name, given, made }: { type: string; name: string; given: Decoded; made: Made }): void {
        const { id, outputs, keep = {} } = made;
        // The key is the id, not the CLI's URN: while the CLI replaces a resource, two of them have the same URN.
        const urn = this.locate(id)?.urn ?? id;
        this.resumed.delete(urn);
        this.resources.set(urn, {
            urn,
            type,
            name,
            id,
            inputs: given.values,
            outputs,
            keep,
            custom: true,
            secrets: given.secrets,
            dependencies: [],
            propertyDependencies: {},
            protect: false,
            retainOnDelete: false,
        });
        this.file.save();
    }

    /** Deletes a resource and, as Azure does, every resource inside it. */
    async remove(id: string): Promise<void> {
        const resource = await this.find(id);
        if (!resource) {
            return;
        }
        const inside = [...this.resources.values()].filter((other) => isInside(other.id, resource.id));
        for (const other of inside.reverse()) {
            await this.removeOne(other);
        }
        await this.removeOne(resource);
    }

    isEmpty(): boolean {
        return this.resources.size === 0;
    }

    /** Whether the store is empty because its last resource was deleted. */
    isEmptied(): boolean {
        return this.hasRemoved && this.isEmpty();
    }

    async close(): Promise<void> {
        const opened = await this.opening?.catch(() => undefined);
        await opened?.emulator.close();
    }

    private async openWorld(): Promise<World> {
        // Only the CLI knows the dependencies. Reopening in the order of creation satisfies most of them.
        let previous: string | undefined;
        for (const resource of this.resources.values()) {
            resource.dependencies = previous === undefined ? [] : [previous];
            previous = resource.urn;
        }
        const { world, resumed } = await openLiveWorld({
            ...this.options,
            settings: this.ownSettings,
            existing: [],
            file: this.file,
        });
        this.resumed = resumed;
        await this.retryLost(world);
        for (const [key, { lost, reason }] of this.resumed) {
            this.options.log({
                level: lost ? "error" : "warning",
                source: this.resources.get(key)?.name ?? key,
                message: reason,
            });
            if (lost) {
                this.resources.delete(key);
            }
        }
        return world;
    }

    /** Retries lost resources until none reopens: an updated resource may depend on one that was created after it. */
    private async retryLost(world: World): Promise<void> {
        let progress = true;
        while (progress) {
            progress = false;
            for (const [key, { lost }] of this.resumed) {
                const resource = this.resources.get(key);
                if (lost && resource && (await this.reopen(resource, world))) {
                    progress = true;
                }
            }
        }
    }

    private async reopen(resource: ResourceState, world: World): Promise<boolean> {
        const handler = this.options.handlers.get(resource.type);
        const made = await handler?.resume({ world, inputs: resource.inputs, before: resource }).catch(() => undefined);
        if (!made) {
            return false;
        }
        const changed = changedPaths({ before: resource.outputs, after: made.outputs });
        resource.outputs = made.outputs;
        resource.keep = made.keep ?? resource.keep;
        if (changed.length === 0) {
            this.resumed.delete(resource.urn);
        } else {
            this.resumed.set(resource.urn, {
                lost: false,
                reason: `${changed.join(", ")} changed, because the port was taken`,
            });
        }
        return true;
    }

    private locate(id: string): ResourceState | undefined {
        return this.resources.get(id) ?? [...this.resources.values()].find((resource) => sameId(resource.id, id));
    }

    private async removeOne(resource: ResourceState): Promise<void> {
        const { id, inputs, outputs, keep } = resource;
        const handler = this.options.handlers.get(resource.type);
        await handler?.remove({ world: await this.world(), made: { id, outputs, keep }, inputs });
        this.resources.delete(resource.urn);
        this.resumed.delete(resource.urn);
        this.hasRemoved = true;
        this.file.save();
    }
}
