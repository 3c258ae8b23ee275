import Module from "node:module";
import path from "node:path";
import { format } from "node:util";
import { dataTypes, directions } from "../../../../rules/bindings";
import { isJsonObject } from "../../../../rules/json";
import { retryStrategies } from "../../../../rules/retry";
import { consoleCategory, type LogLevel } from "../../../core/log";
import { userCategory, workerCategory } from "../log";
import { withOwnFrames } from "../stack";
import { applyLogHooks } from "./hooks";
import { type HookName, hookNames, type WorkerState } from "./state";
import type {
    BindingInfo,
    FunctionCallback,
    FunctionMetadata,
    HookCallback,
    ProgrammingModel,
    WorkerLogCategory,
    WorkerLogLevel,
} from "./types";

/** The version that the host reports. Libraries enable features by it. */
export const hostVersion = "4.1044.0";
const workerVersion = "3.12.0";
const moduleName = "@azure/functions-core";

/**
 * Provides `@azure/functions-core`, which exists only inside a Functions worker: `@azure/functions` registers functions
 * through it. Sets the programming model of `function.json`, which the app's own `@azure/functions` 4 replaces.
 */
export function provideCoreModule(state: WorkerState): void {
    const api = createCoreApi(state);
    const original = Module.prototype.require;
    Module.prototype.require = Object.assign(function (this: NodeJS.Module, id: string): unknown {
        return id === moduleName ? api : original.call(this, id);
    }, original);
    // The package requires the core module while it loads, so it cannot be imported at the top.
    const { setup } = require("azure-functions-3") as typeof import("azure-functions-3");
    setup();
}

class Disposable {
    static from(...others: { dispose(): unknown }[]): Disposable {
        return new Disposable(() => {
            for (const other of others) {
                other.dispose();
            }
        });
    }

    constructor(private callOnDispose?: () => unknown) {}

    dispose(): unknown {
        const call = this.callOnDispose;
        this.callOnDispose = undefined;
        return call?.();
    }
}

function createCoreApi(state: WorkerState) {
    return {
        version: workerVersion,
        hostVersion,
        Disposable,
        registerFunction: (metadata: FunctionMetadata, callback: FunctionCallback) =>
            registerFunction({ state, metadata, callback }),
        registerHook: (name: string, callback: HookCallback) => registerHook({ state, name, callback }),
        setProgrammingModel: (model: ProgrammingModel) => {
            if (state.model !== undefined) {
                const message = `Setting Node.js programming model to "${model.name}" version "${model.version}"`;
                writeWorkerLog({ state, level: "information", category: "system", message });
            }
            state.model = model;
        },
        getProgrammingModel: () => state.model,
        log: (level: WorkerLogLevel, category: WorkerLogCategory, message: string) =>
            writeWorkerLog({ state, level, category, message }),
    };
}

function registerFunction(options: {
    state: WorkerState;
    metadata: FunctionMetadata;
    callback: FunctionCallback;
}): Disposable {
    const { state, metadata, callback } = options;
    if (state.locked) {
        throw systemError("A function can only be registered during app startup.");
    }
    const id = metadata.functionId || metadata.name;
    // The worker keeps its functions in a plain object, which knows `constructor` and the like.
    if (state.functions.has(id) || id in Object.prototype) {
        throw systemError(`A function with id "${id}" has already been registered.`);
    }
    checkEnums(metadata);
    const entryPoint = state.entryPoint ?? "unknown";
    state.functions.set(id, {
        name: metadata.name,
        metadata: {
            ...metadata,
            functionId: id,
            directory: path.dirname(entryPoint),
            scriptFile: path.basename(entryPoint),
        },
        // The host gets each binding as JSON.
        bindings: Object.entries(metadata.bindings).map(
            ([name, binding]) => JSON.parse(JSON.stringify({ ...binding, name })) as BindingInfo,
        ),
        callback,
    });
    return new Disposable(() => {
        if (state.locked) {
            throw systemError("A function can only be disposed during app startup.");
        }
        state.functions.delete(id);
    });
}

/**
 * Throws for a value that the worker cannot send to the host, which fails the entry point. Source: fromCoreFunctionMetadata.ts of
 * azure-functions-nodejs-worker.
 */
function checkEnums({ bindings, retryOptions }: FunctionMetadata): void {
    for (const binding of Object.values(bindings)) {
        checkEnum("CoreRpcBindingDataType", binding.dataType, dataTypes);
        checkEnum("CoreRpcBindingDirection", binding.direction, directions);
    }
    if (isJsonObject(retryOptions)) {
        checkEnum("CoreRpcRetryStrategy", retryOptions.retryStrategy, retryStrategies);
    }
}

function checkEnum(type: string, value: unknown, known: readonly string[]): void {
    if (value !== undefined && value !== null && !known.includes(value as string)) {
        const message = `Unexpected value "${value}" for type "${type}". Known are ${known.join(", ")}.`;
        throw Object.assign(new RangeError(message), { isAzureFunctionsSystemError: true });
    }
}

function registerHook(options: { state: WorkerState; name: string; callback: HookCallback }): Disposable {
    if (!hookNames.includes(options.name as HookName)) {
        throw Object.assign(new RangeError(`Unrecognized hook "${options.name}"`), {
            isAzureFunctionsSystemError: true,
        });
    }
    const hooks = options.state.hooks[options.name as HookName];
    hooks.push(options.callback);
    return new Disposable(() => {
        const index = hooks.indexOf(options.callback);
        if (index >= 0) {
            hooks.splice(index, 1);
        }
    });
}

/** Writes a log line of the app or its library, after the app's log hooks. */
export function writeWorkerLog(options: {
    state: WorkerState;
    level: WorkerLogLevel;
    category: WorkerLogCategory;
    message: string;
    /** The function that is running. Undefined while the app loads. */
    functionName?: string;
    invocationContext?: unknown;
}): void {
    const { state, category } = options;
    if (category === "customMetric") {
        return;
    }
    const { level: given, message, invocationContext } = options;
    const line = applyLogHooks({ level: given, category, message, invocationContext, hooks: state.hooks.log });
    const level = levels[line.level];
    if (level !== undefined) {
        const own = options.functionName === undefined ? consoleCategory : userCategory(options.functionName);
        state.log(
            level,
            withOwnFrames(format("%s", line.message), state.folder),
            category === "system" ? workerCategory : own,
        );
    }
}

const levels: Record<WorkerLogLevel, LogLevel | undefined> = {
    trace: "trace",
    debug: "debug",
    information: "info",
    warning: "warning",
    error: "error",
    critical: "critical",
    none: undefined,
};

function systemError(message: string): Error {
    return Object.assign(new Error(message), { isAzureFunctionsSystemError: true });
}
