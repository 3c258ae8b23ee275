import { randomUUID } from "node:crypto";
import type { Clock } from "../../../core/clock";
import { messageOf } from "../../../core/errors";
import type { HostFunction, Invocation, InvocationResult, RunningExtension } from "../extensions/extension";
import type { HostLog } from "../log";
import { fromTypedData, isNull, type TypedData, toTypedData } from "../rpc";
import type { Settings } from "../settings";
import { invokeWorker } from "../worker/invoke";
import type { WorkerState } from "../worker/state";
import type { BindingInfo, InvocationResponse } from "../worker/types";
import { type ExpressionContext, resolveBinding } from "./expressions";

export interface InvokerOptions {
    state: WorkerState;
    settings: Settings;
    log: HostLog;
    clock: Clock;
    timeoutMilliseconds: number;
    /** The running extension of a binding type, in lower case. */
    extensionOf: (type: string) => RunningExtension | undefined;
    /** Called when a function exceeds its time limit. Nothing can stop the function, so its process must end. */
    onTimeout: (message: string) => void;
}

/** Runs functions: binds the inputs, calls the worker, sends the outputs. Logs each failure, so callers need not. */
export function createInvoker(options: InvokerOptions): (invocation: Invocation) => Promise<InvocationResult> {
    return async (invocation) => {
        const { fn } = invocation;
        const invocationId = invocation.invocationId ?? randomUUID();
        const started = options.clock.now();
        options.log("debug", `Executing 'Functions.${fn.name}' (Id=${invocationId})`);
        try {
            const result = await withTimeout({ ...options, fn, invocationId }, () =>
                run({ ...options, invocation, invocationId }),
            );
            options.log("debug", `Executed 'Functions.${fn.name}' (Succeeded, ${options.clock.now() - started} ms)`);
            return result;
        } catch (error) {
            options.log(
                "error",
                `Executed 'Functions.${fn.name}' (Failed, Id=${invocationId}): ${describe({ error, folder: options.state.folder })}`,
            );
            throw error;
        }
    };
}

async function run(
    options: InvokerOptions & { invocation: Invocation; invocationId: string },
): Promise<InvocationResult> {
    const { invocation, invocationId } = options;
    const { fn } = invocation;
    const context: ExpressionContext = {
        data: { ...invocation.data, sys: { methodName: fn.name }, invocationId, functionName: fn.name },
        settings: options.settings,
        now: () => new Date(options.clock.now()),
    };
    const inputData = [{ name: fn.trigger.name, data: invocation.input }];
    for (const binding of fn.bindings) {
        if (binding.direction === "in" && binding !== fn.trigger) {
            inputData.push({ name: binding.name, data: await bindInput({ ...options, binding, context, invocation }) });
        }
    }
    const response = await invokeWorker({
        state: options.state,
        fn,
        request: {
            invocationId,
            functionId: fn.metadata.functionId ?? fn.name,
            inputData,
            triggerMetadata: invocation.triggerMetadata ?? toMetadata(invocation.data),
            traceContext: { traceParent: traceParent(), traceState: "", attributes: {} },
        },
    });
    return sendOutputs({ ...options, fn, response, context });
}

async function bindInput(
    options: InvokerOptions & { binding: BindingInfo; context: ExpressionContext; invocation: Invocation },
): Promise<TypedData | undefined> {
    const { binding, context } = options;
    const extension = options.extensionOf(binding.type);
    if (extension?.input === undefined) {
        throw new Error(`The binding '${binding.name}' of type '${binding.type}' cannot be an input.`);
    }
    const value = await extension.input(resolveBinding({ binding, context }), options.invocation);
    return typeof value === "object" && value !== null ? { json: JSON.stringify(value) } : toTypedData(value);
}

async function sendOutputs(
    options: InvokerOptions & { fn: HostFunction; response: InvocationResponse; context: ExpressionContext },
): Promise<InvocationResult> {
    const { fn, response, context } = options;
    const values = new Map<string, TypedData>();
    for (const { name, data } of response.outputData ?? []) {
        if (name !== undefined && name !== null && data !== undefined && data !== null) {
            values.set(name, data);
        }
    }
    if (response.returnValue !== undefined && response.returnValue !== null) {
        values.set("$return", response.returnValue);
    }
    let http: TypedData | undefined;
    for (const binding of fn.bindings.filter(({ direction }) => direction !== "in")) {
        const data = values.get(binding.name);
        if (data === undefined || isNull(data)) {
            continue;
        }
        if (binding.type.toLowerCase() === "http") {
            http = data;
            continue;
        }
        const extension = options.extensionOf(binding.type);
        if (extension?.output === undefined) {
            throw new Error(`The binding '${binding.name}' of type '${binding.type}' cannot be an output.`);
        }
        await extension.output({ binding: resolveBinding({ binding, context }), value: fromTypedData(data) });
    }
    return { returnValue: returnValueOf(response.returnValue), ...(http === undefined ? {} : { http }) };
}

/** The value that the trigger gets back. A text stays a text, because each trigger reads texts in its own way. */
function returnValueOf(data: TypedData | null | undefined): unknown {
    return typeof data?.string === "string" ? data.string : fromTypedData(data);
}

function toMetadata(data: Record<string, unknown>): Record<string, TypedData> {
    const metadata: Record<string, TypedData> = {};
    for (const [name, value] of Object.entries(data)) {
        const typed = toTypedData(value);
        if (typed !== undefined) {
            metadata[name] = typed;
        }
    }
    return metadata;
}

async function withTimeout<T>(
    options: InvokerOptions & { fn: HostFunction; invocationId: string },
    work: () => Promise<T>,
): Promise<T> {
    if (options.timeoutMilliseconds === Number.POSITIVE_INFINITY) {
        return work();
    }
    let cancel: () => void = () => undefined;
    const timeout = new Promise<never>((_, reject) => {
        cancel = options.clock.after(Math.min(options.timeoutMilliseconds, 2 ** 31 - 1), () => {
            const seconds = options.timeoutMilliseconds / 1000;
            const message = `Timeout value of ${seconds} s exceeded by function 'Functions.${options.fn.name}' (Id: '${options.invocationId}').`;
            reject(new Error(message));
            options.onTimeout(message);
        });
    });
    try {
        return await Promise.race([work(), timeout]);
    } finally {
        cancel();
    }
}

/** The error's message, and those lines of its stack that point into the app. */
function describe({ error, folder }: { error: unknown; folder: string }): string {
    const stack = error instanceof Error ? (error.stack ?? "") : "";
    const frames = stack.split("\n").filter((line) => /^\s+at /.test(line) && line.includes(folder));
    return [messageOf(error), ...frames.filter((line) => !line.includes("node_modules"))].join("\n");
}

function traceParent(): string {
    const hex = (length: number) => randomUUID().replaceAll("-", "").slice(0, length);
    return `00-${hex(32)}-${hex(16)}-01`;
}
