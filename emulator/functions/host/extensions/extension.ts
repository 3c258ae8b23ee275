import type { Clock } from "../../../core/clock";
import type { BindingData } from "../bindings/expressions";
import type { HostJson } from "../hostJson";
import type { HostLog } from "../log";
import type { TypedData } from "../rpc";
import type { Settings } from "../settings";
import type { BindingInfo, RegisteredFunction } from "../worker/types";

/** A function whose bindings all have an extension. */
export interface HostFunction extends RegisteredFunction {
    trigger: BindingInfo;
}

export interface Invocation {
    fn: HostFunction;
    /** The trigger's value. */
    input: TypedData | undefined;
    /** What binding expressions and the function's trigger metadata can name. */
    data: BindingData;
    /** As the worker gets it, when that is not simply `data`. */
    triggerMetadata?: Record<string, TypedData>;
    invocationId?: string;
    /** The request of an HTTP trigger, when one of the function's inputs reads it. */
    http?: WebhookRequest;
}

export interface InvocationResult {
    returnValue: unknown;
    /** The value of the `http` output, when the function has one and set it. */
    http?: TypedData;
}

/** What the host offers to its extensions. */
export interface ExtensionHost {
    hostJson: HostJson;
    settings: Settings;
    log: HostLog;
    clock: Clock;
    fetch: typeof fetch;
    stateFolder: string;
    unansweredMilliseconds: number;
    /** Runs a function with its inputs bound and its outputs sent. Rejects with the failure, which is logged already. */
    invoke(invocation: Invocation): Promise<InvocationResult>;
    /** A bearer token for a resource from the app's managed identity. */
    token(request: { resource: string; clientId?: string }): Promise<string>;
}

export interface WebhookRequest {
    method: string;
    /** Each header with all its values, names in lower case. */
    headers: Record<string, string[]>;
    body: Buffer;
}

export interface WebhookResponse {
    status: number;
    headers?: Record<string, string>;
    body?: string | Uint8Array;
}

/** An extension that is loaded, because a function of the app needs it. */
export interface RunningExtension {
    /** Takes a function whose trigger is this extension's. Throws when the host must not start with it. */
    addFunction?(fn: HostFunction): void;
    /** All functions are known: begin to trigger them. */
    begin?(): void;
    /** The value of an input binding whose expressions are resolved. */
    input?(binding: BindingInfo, invocation: Pick<Invocation, "http">): Promise<unknown>;
    /** Sends the value that a function gave to an output binding. */
    output?(request: { binding: BindingInfo; value: unknown }): Promise<void>;
    /** Answers `/runtime/webhooks/{webhook}`. A throw is a 500. */
    webhook?(request: WebhookRequest): Promise<WebhookResponse>;
    stop?(): void;
}

/** One extension: its binding types, where it comes from, and how it starts. */
export interface Extension {
    name: string;
    /** Binding types in lower case. */
    types: readonly string[];
    /** Those of its types, in lower case, whose input is made from the request of an HTTP trigger. */
    requestTypes?: readonly string[];
    /** Ids of the extension bundles that hold it; none when the host itself does. */
    bundles?: readonly string[];
    /** Assembly name, as `bin/extensions.json` lists it when it was installed with the app. */
    assembly?: string;
    /** Last part of its webhook route, which also names its system key. */
    webhook?: string;
    /** Throws when the host must not start. */
    start(host: ExtensionHost): Promise<RunningExtension>;
}
