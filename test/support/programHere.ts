import { basename, dirname, join, resolve, sep } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import * as settings from "@pulumi/pulumi/runtime/settings";
import * as state from "@pulumi/pulumi/runtime/state";
import type { ProgramOptions, RunningProgram } from "../../local/engine/program";

// The SDK exports this class but leaves it out of its types.
const { LocalStore } = state as unknown as { LocalStore: new () => typeof globalThis.globalStore };

/** Removes the program's modules from the cache, so that they run again. Packages and the library stay loaded. */
function forget(directory: string): void {
    for (const file of Object.keys(require.cache)) {
        if (file.startsWith(`${directory}${sep}`) && !file.includes(`${sep}node_modules${sep}`)) {
            delete require.cache[file];
        }
    }
}

async function run(options: ProgramOptions): Promise<number> {
    const { project, stack, config, secretKeys, address, preview } = options;
    const main = resolve(project.directory, project.main);
    settings.resetOptions(project.name, stack, 64, address, address, preview, "organization");
    pulumi.runtime.setAllConfig(config, secretKeys);
    forget(dirname(main));
    await pulumi.runtime.runInPulumiStack(async () => require(join(dirname(main), basename(main))));
    await settings.disconnect(true);
    return 0;
}

/**
 * Runs a program in this process, so that the SDK is loaded only once. The monitor and the protocol are the same as in a
 * separate process. Only for a program that succeeds, because an error in it fails the test as an unhandled rejection. A
 * transform cannot read config, because the SDK calls transforms outside the program's store.
 */
export function startProgramHere(options: ProgramOptions): RunningProgram {
    let stop: () => void;
    const stackTraceLimit = Error.stackTraceLimit;
    // The SDK captures a stack trace for every output, which would take most of the program's time.
    Error.stackTraceLimit = 0;
    // A new store, so that pending work of an earlier program cannot reach this one.
    const ended = globalThis.asyncLocalStorage.run(new LocalStore(), () => run(options));
    const finished = new Promise<number | null>((resolveCode, reject) => {
        ended.then(resolveCode, reject);
        stop = () => resolveCode(null);
    }).finally(() => {
        Error.stackTraceLimit = stackTraceLimit;
    });
    return { finished, stop: () => stop() };
}
