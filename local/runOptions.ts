import type { Emulator, EmulatorOptions } from "../emulator";
import type { AzureTiming } from "../emulator/core/timing";
import type { Listener } from "./engine/events";
import type { Handler, ProviderFunction } from "./engine/handler";
import type { startProgram } from "./engine/program";
import type { Project } from "./engine/project";

export interface RunOptions {
    /** Folder with Pulumi.yaml. */
    projectDir: string;
    stack: string;
    /** Folder for this stack's state and data. */
    folder: string;
    /** Defaults to the one of Pulumi.yaml. */
    project?: Project;
    /** Values that win over the stack's file, by full key; or a function that makes them for the project's name. */
    config?: Record<string, string> | ((project: string) => Record<string, string>);
    /** Reports what an update would do, and does nothing. */
    preview?: boolean;
    on?: Listener;
    /** Defaults to the emulator of this project; tests pass a small one. */
    startEmulator?(options: EmulatorOptions): Promise<Emulator>;
    /** Takes as long as Azure over roles, secrets and deleted names. Defaults to acting at once. */
    azureTiming?: AzureTiming;
    /** Port of the debugger of the first function app; each further app has the next one. Defaults to no debugger. */
    inspectPort?: number;
    /** Host of the function apps: `auto` leaves only other runtimes than node to `func`. Defaults to `auto`. */
    functionsHost?: EmulatorOptions["functionsHost"];
    /** Serves the inspector. Defaults to none. */
    inspector?: EmulatorOptions["inspector"];
    /** Values of the Host header that servers accept besides this machine's own names. Defaults to none. */
    allowedHosts?: readonly string[];
    /** Defaults to every resource type that the local Azure supports. */
    handlers?: Handler[];
    functions?: ProviderFunction[];
    /** Starts the program. Defaults to a process for each run; tests run programs that do not fail in their own, which is faster. */
    startProgram?: typeof startProgram;
    /** Refuses resource types that the local Azure does not emulate, instead of recording them. */
    strict?: boolean;
    /** Ends the run at any moment, with an `InterruptedError`. */
    signal?: AbortSignal;
}
