import { callDetached } from "../stack";
import type { HookName, WorkerState } from "./state";
import type { HookCallback, WorkerLogCategory, WorkerLogLevel } from "./types";

/** Runs the hooks of one name one after the other, in the order of their registration. */
export async function runHooks(options: { state: WorkerState; name: HookName; context: object }): Promise<void> {
    for (const hook of [...options.state.hooks[options.name]]) {
        await callDetached(hook.bind(undefined, options.context));
    }
}

/** The context of a hook: its own data and data shared by all hooks, neither of which can be replaced. */
export function hookContext<T extends object>(options: {
    state: WorkerState;
    hookData: Record<string, unknown>;
    more: T;
    readOnly?: readonly string[];
}): T & { hookData: Record<string, unknown>; appHookData: Record<string, unknown> } {
    const context = { ...options.more };
    const constants: Record<string, unknown> = {
        hookData: options.hookData,
        appHookData: options.state.appHookData,
    };
    for (const name of options.readOnly ?? []) {
        constants[name] = (options.more as Record<string, unknown>)[name];
    }
    for (const [name, value] of Object.entries(constants)) {
        Object.defineProperty(context, name, {
            enumerable: true,
            get: () => value,
            set: () => {
                throw new Error(`Cannot assign to read only property '${name}'`);
            },
        });
    }
    return context as ReturnType<typeof hookContext<T>>;
}

/** Lets log hooks change a log line of the app before it is written. */
export function applyLogHooks(options: {
    hooks: readonly HookCallback[];
    level: WorkerLogLevel;
    category: WorkerLogCategory;
    message: string;
    invocationContext?: unknown;
}): { level: WorkerLogLevel; message: string } {
    const { hooks, ...line } = options;
    for (const hook of hooks) {
        hook(line);
    }
    return { level: line.level, message: line.message };
}
