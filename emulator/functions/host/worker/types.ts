import type { RetryContext } from "../bindings/retry";
import type { TypedData } from "../rpc";

export interface BindingProperties {
    type: string;
    direction: "in" | "out" | "inout";
    [property: string]: unknown;
}

export interface BindingInfo extends BindingProperties {
    name: string;
}

export type FunctionCallback = (...args: unknown[]) => unknown;

export interface FunctionMetadata {
    name: string;
    functionId?: string;
    bindings: Record<string, BindingProperties>;
    directory?: string;
    scriptFile?: string;
    retryOptions?: unknown;
}

/** A function as the app registered it, before any extension has looked at its bindings. */
export interface RegisteredFunction {
    name: string;
    metadata: FunctionMetadata;
    bindings: BindingInfo[];
    callback: FunctionCallback;
    /** Whether an app setting disables it. Set when the host indexes the function. */
    disabled?: boolean;
}

export type WorkerLogLevel = "trace" | "debug" | "information" | "warning" | "error" | "critical" | "none";
export type WorkerLogCategory = "user" | "system" | "customMetric";

export interface InvocationRequest {
    invocationId: string;
    functionId: string;
    inputData: { name: string; data: TypedData | undefined }[];
    triggerMetadata: Record<string, TypedData>;
    traceContext: { traceParent?: string; traceState?: string; attributes?: Record<string, string> };
    retryContext?: RetryContext;
}

export interface CoreInvocationContext {
    invocationId: string;
    request: InvocationRequest;
    metadata: FunctionMetadata;
    state?: "preInvocationHooks" | "postInvocationHooks" | "invocation";
    log(level: WorkerLogLevel, category: WorkerLogCategory, message: string): void;
}

export interface InvocationResponse {
    invocationId?: string;
    outputData?: { name?: string | null; data?: TypedData | null }[];
    returnValue?: TypedData | null;
}

export interface InvocationModel {
    getArguments(): Promise<{ context: unknown; inputs: unknown[] }>;
    invokeFunction(context: unknown, inputs: unknown[], callback: FunctionCallback): Promise<unknown>;
    getResponse(context: unknown, result: unknown): Promise<InvocationResponse>;
}

export interface ProgrammingModel {
    name: string;
    version: string;
    getInvocationModel(context: CoreInvocationContext): InvocationModel;
    getCapabilities?(capabilities: Record<string, string>): Promise<Record<string, string>> | Record<string, string>;
}

export type HookCallback = (context: unknown) => unknown;
