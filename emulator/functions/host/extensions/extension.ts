import type { Plan } from "../../../../rules/plan";
import type { RetryPolicy } from "../../../../rules/retry";
import type { Clock } from "../../../core/clock";
import type { Dictionary } from "../../../core/dictionary";
import type { BindingData } from "../bindings/bindingData";
import type { HostJson } from "../hostJson";
import type { HostLog } from "../log";
import type { TypedData } from "../rpc";
import type { Settings } from "../settings";
import type { BindingInfo, RegisteredFunction } from "../worker/types";

/** A function whose bindings all have an extension. */
export interface HostFunction extends RegisteredFunction {
    trigger: BindingInfo;
    retry?: RetryPolicy;
}

export interface Invocation {
    fn: HostFunction;
    /** The trigger's value. */
    input: TypedData | undefined;
    /**
     * Values for binding expressions. The invoker adds `sys`, and the members of a trigger's text that is a JSON object.
     */
    data: BindingData;
    /** Trigger metadata for the worker. Defaults to the values for binding expressions. */
    triggerMetadata?: Record<string, TypedData>;
    invocationId?: string;
    /** The request of an HTTP trigger. Set when an input of the function reads it. */
    http?: WebhookRequest;
}

export interface InvocationResult {
    returnValue: unknown;
    /** The value of the `http` output, if the function has one and set it. */
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
    plan: Plan;
    /** Whether this process goes on for one that crashed or ran too long. What runs when a host starts has run then. */
    isSameHost?: boolean;
    unansweredMilliseconds: number;
    /** Runs a function: binds its inputs and sends its outputs. Rejects with the failure, which is logged already. */
    invoke(invocation: Invocation): Promise<InvocationResult>;
    /** A bearer token for a resource from the app's managed identity. */
    token(request: { resource: string; clientId?: string }): Promise<string>;
}

export interface WebhookRequest {
    method: string;
    /** All values of each header, by name in lower case. */
    headers: Dictionary<string[]>;
    body: Buffer;
}

export interface WebhookResponse {
    status: number;
    headers?: Record<string, string>;
    body?: string | Uint8Array;
}

/**
 * Why the listener of a function does not start, while the host does. Source: FunctionListener.cs of azure-webjobs-sdk, whose host takes
 * what a listener throws as it starts (StartAsync) but not what its extension throws as it makes the listener (CreateListenerAsync).
 */
export class ListenerError extends Error {
    override name = "ListenerError";
}

/** An extension that is loaded because a function of the app needs it. */
export interface RunningExtension {
    /**
     * Takes a function whose trigger is this extension's. Throws a {@link ListenerError} where only this function's listener does not
     * start, and another error where the host must not start.
     */
    addFunction?(fn: HostFunction): void;
    /** Called when all functions are known: starts to trigger them. */
    begin?(): void;
    /**
     * Properties whose expressions are resolved, by binding type in lower case: those that the vendor's attribute marks with
     * `AutoResolve`.
     */
    autoResolved?: ReadonlyMap<string, readonly string[]>;
    /** Input binding types, in lower case, that have a value for `dataType` string. */
    textInputs?: readonly string[];
    /** Makes the value of an input binding whose expressions are resolved. */
    input?(binding: BindingInfo, invocation: Pick<Invocation, "http">): Promise<unknown>;
    /** Sends the value that a function gave to an output binding. */
    output?(request: { binding: BindingInfo; value: unknown }): Promise<void>;
    /** Serves `/runtime/webhooks/{webhook}`. An error is answered with 500. */
    webhook?(request: WebhookRequest): Promise<WebhookResponse>;
    stop?(): void;
}

/** An extension: its binding types, its origin, and its start. */
export interface Extension {
    name: string;
    /** Binding types in lower case. */
    types: readonly string[];
    /** Binding types, in lower case, whose input is made from the request of an HTTP trigger. */
    requestTypes?: readonly string[];
    /** Ids of the extension bundles that contain it. Undefined when the host itself contains it. */
    bundles?: readonly string[];
    /** Its assembly name in `bin/extensions.json`, for apps that install it themselves. */
    assembly?: string;
    /** First version of each bundle that holds it, where that is not the first of all. */
    bundlesSince?: Readonly<Record<string, string>>;
    /** Last part of its webhook route and of the name of its system key. */
    webhook?: string;
    /** Checks a function with its trigger before it is loaded. Throws what puts the function in error, while the others run. */
    check?(options: { fn: HostFunction; settings: Settings; plan: Plan }): void;
    /** Throws when the host must not start. */
    start(host: ExtensionHost): Promise<RunningExtension>;
}
