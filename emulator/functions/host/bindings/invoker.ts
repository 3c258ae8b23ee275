import { randomUUID } from "node:crypto";
import { formatTimeSpan } from "../../../../rules/timeSpan";
import { createDictionary } from "../../../core/dictionary";
import type { HostFunction, Invocation, InvocationResult, RunningExtension } from "../extensions/extension";
import { functionCategory } from "../log";
import { fromTypedData, isNull, type TypedData, toTypedData } from "../rpc";
import type { Settings } from "../settings";
import { describeError } from "../stack";
import type { FunctionRun, Tracing } from "../tracing";
import { invokeWorker } from "../worker/invoke";
import type { WorkerState } from "../worker/state";
import type { BindingInfo, InvocationResponse } from "../worker/types";
import { bindingData, HttpRequestValue, jsonMembers } from "./bindingData";
import { typedInput } from "./dataType";
import { Guid } from "./dotnet";
import { type ExpressionContext, resolveBinding } from "./expressions";
import { parseNewtonsoft } from "./newtonsoft";
import { type Repetition, repeat } from "./repeat";
import type { RetryContext } from "./retry";

export interface InvokerOptions extends Repetition {
    state: WorkerState;
    settings: Settings;
    tracing: Tracing;
    timeoutMilliseconds: number;
    /** The running extension of a binding type, in lower case. */
    extensionOf: (type: string) => RunningExtension | undefined;
    /** Called when a function exceeds its time limit. Nothing can stop the function, so its process must end. */
    onTimeout: (message: string) => void;
}

type Attempt = Invocation & { retryContext?: RetryContext };

/**
 * Runs functions: binds the inputs, calls the worker, sends the outputs, and repeats a failed run as the function's retry
 * policy says. Logs each failure, so callers need not.
 */
export function createInvoker(options: InvokerOptions): (invocation: Invocation) => Promise<InvocationResult> {
    return (invocation) =>
        repeat({
            ...options,
            fn: invocation.fn,
            run: (retryContext) =>
                attempt({
                    ...options,
                    invocation: { ...invocation, ...(retryContext === undefined ? {} : { retryContext }) },
                }),
        });
}

async function attempt(options: InvokerOptions & { invocation: Attempt }): Promise<InvocationResult> {
    const { invocation } = options;
    const { fn } = invocation;
    const invocationId = invocation.invocationId ?? randomUUID();
    const started = options.clock.elapsed();
    const category = functionCategory(fn.name);
    const reason = reasonOf(fn, options.clock.now());
    options.log("info", `Executing 'Functions.${fn.name}' (Reason='${reason}', Id=${invocationId})`, category);
    const executed = (status: string) => {
        const duration = Math.round(options.clock.elapsed() - started);
        return `Executed 'Functions.${fn.name}' (${status}, Id=${invocationId}, Duration=${duration}ms)`;
    };
    try {
        const traced: FunctionRun = {
            name: fn.name,
            input: invocation.input?.string ?? invocation.input?.json,
            describe: (error) => describeError(error, options.state.folder),
        };
        const result = await options.tracing.run(traced, () =>
            withTimeout({ ...options, fn, invocationId }, () => run({ ...options, invocationId })),
        );
        options.log("info", executed("Succeeded"), category);
        return result;
    } catch (error) {
        options.log("error", `${executed("Failed")}: ${describeError(error, options.state.folder)}`, category);
        throw error;
    }
}

async function run(options: InvokerOptions & { invocation: Attempt; invocationId: string }): Promise<InvocationResult> {
    const { invocation, invocationId } = options;
    const { fn } = invocation;
    const members = jsonMembers(invocation.input?.string ?? "");
    const data = bindingData(Object.entries(invocation.data), members);
    const now = () => new Date(options.clock.now());
    const context: ExpressionContext = {
        // A value of the caller's that is called `sys` hides the host's.
        data: bindingData(Object.entries({ sys: systemData({ fn, now }) }), Object.entries(data)),
        settings: options.settings,
        now,
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
            triggerMetadata: invocation.triggerMetadata ?? toMetadata(data),
            traceContext: { traceParent: options.tracing.traceParent(), traceState: "", attributes: {} },
            ...(invocation.retryContext === undefined ? {} : { retryContext: invocation.retryContext }),
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
    const type = binding.type.toLowerCase();
    const autoResolved = extension.autoResolved?.get(type) ?? [];
    const value = await extension.input(resolveBinding({ binding, context, autoResolved }), options.invocation);
    return typedInput({ binding, value, hasText: extension.textInputs?.includes(type) === true });
}

/** The value `sys` of binding expressions. Its members are new at each access. */
function systemData({ fn, now }: { fn: HostFunction; now: () => Date }): object {
    const members = {
        MethodName: fn.name,
        get UtcNow() {
            return now();
        },
        get RandGuid() {
            return new Guid();
        },
    };
    return Object.setPrototypeOf(members, null) as object;
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
        const autoResolved = extension.autoResolved?.get(binding.type.toLowerCase()) ?? [];
        const resolved = resolveBinding({ binding, context, autoResolved });
        await extension.output({ binding: resolved, value: outputValue(data) });
    }
    return { returnValue: returnValueOf(response.returnValue), ...(http === undefined ? {} : { http }) };
}

/**
 * The value of an output. The host reads a text that looks like JSON with its own reader, and hands over no other text. Source:
 * ReadAsEnumerable of FunctionBinding.cs of azure-functions-host.
 */
function outputValue(data: TypedData): unknown {
    const text = data.string?.trim() ?? "";
    return looksLikeJson(text) ? parseNewtonsoft(text) : (data.string ?? fromTypedData(data));
}

/** Source: IsJson of Utility.cs of azure-functions-host. */
function looksLikeJson(text: string): boolean {
    return (text.startsWith("{") && text.endsWith("}")) || (text.startsWith("[") && text.endsWith("]"));
}

/** The value that the trigger gets back. A text stays a text, because each trigger reads texts in its own way. */
function returnValueOf(data: TypedData | null | undefined): unknown {
    return typeof data?.string === "string" ? data.string : fromTypedData(data);
}

function toMetadata(data: Record<string, unknown>): Record<string, TypedData> {
    const metadata = createDictionary<TypedData>();
    for (const [name, value] of Object.entries(data)) {
        const typed = toMetadataValue(value);
        if (typed !== undefined) {
            metadata[name] = typed;
        }
    }
    return metadata;
}

/** The request itself is no metadata: the worker gets it as the trigger's value. */
function toMetadataValue(value: unknown): TypedData | undefined {
    if (value instanceof HttpRequestValue) {
        return undefined;
    }
    const plain: unknown = value instanceof Map ? Object.fromEntries(value) : value;
    try {
        return toTypedData(plain);
    } catch {
        // A whole number that is too long for JavaScript. The worker gets its digits on Azure, and reads them as a number.
        return {
            json: JSON.stringify(plain, (_, inner: unknown) => (typeof inner === "bigint" ? Number(inner) : inner)),
        };
    }
}

/** Source: FunctionExecutor.cs of azure-webjobs-sdk, OnFunctionTimeout and TryHandleTimeoutAsync. */
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
            const { fn, invocationId, log } = options;
            const span = formatTimeSpan(options.timeoutMilliseconds);
            log(
                "error",
                `Timeout value of ${span} exceeded by function 'Functions.${fn.name}' (Id: '${invocationId}'). Initiating cancellation.`,
                functionCategory(fn.name),
            );
            const message = `Timeout value of ${span} was exceeded by function: Functions.${fn.name}`;
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

/**
 * Why a function runs, in the words of the vendors' trigger bindings. Source: FunctionStartedMessageExtensions.cs of
 * Azure/azure-webjobs-sdk; the realtime extensions describe no reason, which the host prints as (null).
 */
function reasonOf({ trigger }: HostFunction, now: number): string {
    switch (trigger.type.toLowerCase()) {
        case "httptrigger":
        // FunctionExecutionFeature.cs of azure-functions-host calls both.
        case "warmuptrigger":
            return "This function was programmatically called via the host APIs.";
        case "timertrigger":
            return `Timer fired at ${new Date(now).toISOString().replace("Z", "0000+00:00")}`;
        default:
            return "(null)";
    }
}
