import type { Emulator, EmulatorOptions } from "../emulator";
import { messageOf } from "../emulator/core/errors";
import { FileError } from "../emulator/core/persistence";
import type { AzureTiming } from "../emulator/core/timing";
import { adoptExisting } from "./adopt";
import { createWorld, type World } from "./azure/world";
import { changedPaths } from "./engine/diff";
import type { Handlers } from "./engine/handlers";
import type { Resumed } from "./engine/plan";
import type { ProviderSettings } from "./engine/settings";
import type { ExistingStandIn } from "./engine/standIns";
import type { StateFile } from "./engine/state";

export interface LiveWorld {
    world: World;
    resumed: Map<string, Resumed>;
}

export interface LiveOptions {
    folder: string;
    settings: ProviderSettings;
    file: StateFile;
    handlers: Handlers;
    /** Resources that exist before the program runs. */
    existing: ExistingStandIn[];
    startEmulator(options: EmulatorOptions): Promise<Emulator>;
    log: NonNullable<EmulatorOptions["log"]>;
    azureTiming?: AzureTiming;
    inspectPort?: number;
    functionsHost?: EmulatorOptions["functionsHost"];
    inspector?: EmulatorOptions["inspector"];
    /** Values of the Host header that servers accept besides this machine's own names. Defaults to none. */
    allowedHosts?: readonly string[];
}

/** Starts the emulator and reopens every resource of the last run, each one after its dependencies. */
export async function openLiveWorld({
    folder,
    settings,
    file,
    handlers,
    existing,
    startEmulator,
    log,
    azureTiming,
    inspectPort,
    functionsHost,
    inspector,
    allowedHosts,
}: LiveOptions): Promise<LiveWorld> {
    const emulator = await startEmulator({
        folder,
        log,
        https: true,
        ...(allowedHosts && { allowedHosts }),
        ...(azureTiming && { azureTiming }),
        ...(inspectPort !== undefined && { inspectPort }),
        ...(functionsHost !== undefined && { functionsHost }),
        ...(inspector && { inspector }),
    });
    // The program takes a second or two to load, which is enough time to load the emulator's code.
    try {
        emulator.warmUp();
    } catch {
        // A part that is not installed, such as Azurite, is told by the resource that needs it.
    }
    const world = createWorld({ ...settings, emulator, folder, now: Date.now, ...(azureTiming && { azureTiming }) });
    await adoptExisting({ world, existing, handlers, file });
    const resumed = new Map<string, Resumed>();
    const opened = new Map<string, Promise<void>>();
    for (const resource of [...file.state.resources.values()]) {
        const handler = handlers.get(resource.type);
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
                        reason: `${changed.join(", ")} changed, because the port was taken`,
                    });
                }
            } catch (error) {
                // Creating the resource again would write over the file.
                if (error instanceof FileError) {
                    throw error;
                }
                const reason = `recreated, because it could not be reopened: ${messageOf(error)}`;
                resumed.set(resource.urn, { lost: true, reason });
            }
        });
        opened.set(resource.urn, work);
    }
    try {
        await Promise.all(opened.values());
    } catch (error) {
        // The others settle first, so that the emulator closes what they opened.
        await Promise.allSettled(opened.values());
        await emulator.close();
        throw error;
    }
    if (resumed.size > 0) {
        file.save();
    }
    return { world, resumed };
}
