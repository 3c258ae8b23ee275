import type { HostLog } from "../log";
import type { HookCallback, ProgrammingModel, RegisteredFunction } from "./types";

export const hookNames = ["preInvocation", "postInvocation", "appStart", "appTerminate", "log"] as const;
export type HookName = (typeof hookNames)[number];

/** All that the app's code has registered. There is one per process, as there is one app. */
export interface WorkerState {
    folder: string;
    log: HostLog;
    functions: Map<string, RegisteredFunction>;
    hooks: Record<HookName, HookCallback[]>;
    model?: ProgrammingModel;
    /** No registration after the app has started. */
    locked: boolean;
    entryPoint?: string;
    appHookData: Record<string, unknown>;
    appLevelOnlyHookData: Record<string, unknown>;
    /** Where the app's library takes requests itself, when the app asked for HTTP streams. */
    httpUri?: string;
}

export function createWorkerState(options: { folder: string; log: HostLog }): WorkerState {
    return {
        folder: options.folder,
        log: options.log,
        functions: new Map(),
        hooks: { preInvocation: [], postInvocation: [], appStart: [], appTerminate: [], log: [] },
        locked: false,
        appHookData: {},
        appLevelOnlyHookData: {},
    };
}
