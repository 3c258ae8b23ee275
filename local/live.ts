import type { Emulator, EmulatorOptions } from "../emulator";
import { createWorld, type World } from "./azure/world";
import { changedPaths } from "./engine/diff";
import type { Handler, ProviderSettings } from "./engine/handler";
import type { Resumed } from "./engine/plan";
import type { StateFile } from "./engine/state";

export interface LiveWorld {
    world: World;
    resumed: Map<string, Resumed>;
}

export interface LiveOptions {
    folder: string;
    settings: ProviderSettings;
    file: StateFile;
    handlers: Map<string, Handler>;
    startEmulator(options: EmulatorOptions): Promise<Emulator>;
    log: NonNullable<EmulatorOptions["log"]>;
}

/** Starts the emulator and opens everything the last run left, each resource after those it depends on. */
export async function openLiveWorld(options: LiveOptions): Promise<LiveWorld> {
    const emulator = await options.startEmulator({ folder: options.folder, log: options.log });
    // The program takes a second or two to load; the emulator's code is loaded meanwhile.
    emulator.warmUp();
    const world = createWorld({ ...options.settings, emulator, folder: options.folder, now: Date.now });
    const resumed = new Map<string, Resumed>();
    const opened = new Map<string, Promise<void>>();
    for (const resource of [...options.file.state.resources.values()]) {
        const handler = options.handlers.get(resource.type);
        if (!handler) {
            continue;
        }
        const first = resource.dependencies.map((urn) => opened.get(urn));
        const work = Promise.all(first).then(async () => {
            try {
                const { id, inputs, outputs, keep } = resource;
                const made = await handler.resume({ world, inputs, before: { id, outputs, keep } });
                const changed = changedPaths({ before: resource.outputs, after: made.outputs });
                resource.outputs = made.outputs;
                resource.keep = made.keep ?? keep;
                if (changed.length > 0) {
                    resumed.set(resource.urn, {
                        lost: false,
                        reason: `${changed.join(", ")} changed: its port was taken`,
                    });
                }
            } catch (error) {
                const reason = `made again: ${error instanceof Error ? error.message : error}`;
                resumed.set(resource.urn, { lost: true, reason });
            }
        });
        opened.set(resource.urn, work);
    }
    await Promise.all(opened.values());
    if (resumed.size > 0) {
        options.file.save();
    }
    return { world, resumed };
}
