import type { HostLog } from "../log";
import type { HookCallback, ProgrammingModel, RegisteredFunction } from "./types";

export const hookNames = ["preInvocation", "postInvocation", "appStart", "appTerminate", "log"] as const;
export type HookName = (typeof hookNames)[number];

/** Everything that the app's code has registered. A process runs one app, so it has one state. */
export interface WorkerState {
    folder: string;
    log: HostLog;
    functions: Map<string, RegisteredFunction>;
    hooks: Record<HookName, HookCallback[]>;
    /** The model that was set last. It runs every function of the app. */
    model?: ProgrammingModel;
    /** True after the app has started: functions can no longer be registered or removed. */
    locked: boolean;
    entryPoint?: string;
    appHookData: Record<string, unknown>;
    appLevelOnlyHookData: Record<string, unknown>;
    /** URL at which the app's library takes requests, if the app uses HTTP streams. */
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
