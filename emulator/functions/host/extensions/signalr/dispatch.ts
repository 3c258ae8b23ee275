import { messageOf } from "../../../../core/errors";
import { startupCategory } from "../../../../core/log";
import type { HubProtocol } from "../../../../signalr/protocol/types";
import { dataTypeOf, dataTypeWarning } from "../../bindings/dataType";
import type {
    ExtensionHost,
    HostFunction,
    InvocationResult,
    RunningExtension,
    WebhookRequest,
    WebhookResponse,
} from "../extension";
import { isSignedWith } from "../service/validation";
import { type EventContext, type EventKey, keyText, parameterNamesOf, readContext } from "./events";
import { type InvocationBody, protocolOf, readError, readInvocation, writtenValue } from "./message";

interface Listener {
    fn: HostFunction;
    key: EventKey;
    /** Keys with which the services sign. Undefined with a managed identity; the signature is then not checked. */
    accessKeys: readonly string[] | undefined;
    parameterNames: readonly string[];
}

/** Receives the service's events and runs the function for each. */
export interface Dispatcher {
    /** Adds a function. Throws when the event has one already. */
    add(listener: Omit<Listener, "parameterNames">): void;
    handle: NonNullable<RunningExtension["webhook"]>;
}

interface Event {
    listener: Listener;
    context: EventContext;
    error?: string;
    invocation?: InvocationBody;
}

/** Checks in the vendor's order: content type, headers, function, body, signature. */
export function createDispatcher(host: ExtensionHost): Dispatcher {
    const listeners = new Map<string, Listener>();

    async function handle(request: WebhookRequest): Promise<WebhookResponse> {
        const protocol = protocolOf(request.headers["content-type"]?.[0]);
        if (protocol === undefined) {
            return { status: 415 };
        }
        const context = readContext(request);
        if (context === undefined) {
            return { status: 400 };
        }
        const listener = listeners.get(keyText(context));
        if (listener === undefined) {
            return { status: 404 };
        }
        const event: Event = { listener, context, ...readBody({ listener, context, protocol, body: request.body }) };
        if (!isSigned(event)) {
            const { fn } = listener;
            host.log("warning", `An event for '${fn.name}' was refused: its X-ASRS-Signature is not the service's.`);
            return { status: 401 };
        }
        return answer(event, protocol);
    }

    async function answer(event: Event, protocol: HubProtocol): Promise<WebhookResponse> {
        const { listener, invocation } = event;
        let result: InvocationResult | undefined;
        let failure: unknown;
        try {
            result = await run(event);
        } catch (error) {
            failure = error;
        }
        if (invocation?.invocationId !== undefined) {
            const { invocationId } = invocation;
            // Bytes stay bytes in MessagePack only.
            const value = protocol.binary ? result?.returnValue : writtenValue(result?.returnValue);
            const completion =
                result === undefined
                    ? { invocationId, error: `Result: Failure\nException: ${messageOf(failure)}` }
                    : { invocationId, result: value ?? null };
            return {
                status: 200,
                headers: { "content-type": protocol.mediaType },
                body: protocol.completion(completion),
            };
        }
        const isRefusal = listener.key.category === "connections" && listener.key.event.toLowerCase() === "connected";
        return { status: result === undefined && isRefusal ? 403 : 200 };
    }

    function run(event: Event): Promise<InvocationResult> {
        const { fn, parameterNames } = event.listener;
        const value = inputOf(event);
        const data: Record<string, unknown> = {};
        const list = event.invocation?.arguments ?? [];
        if (parameterNames.length > 0 && parameterNames.length !== list.length) {
            const message = `The function '${fn.name}' accepts ${parameterNames.length} arguments (${parameterNames.join(", ")}), but ${list.length} are provided.`;
            host.log("error", message);
            return Promise.reject(new Error(message));
        }
        for (const [index, name] of parameterNames.entries()) {
            data[name] = list[index];
        }
        // The vendor's trigger knows no bytes: SignalRTriggerValueProvider.GetValueAsync.
        const input = isText(fn) ? { string: JSON.stringify(value) } : undefined;
        return host.invoke({ fn, input, data });
    }

    return {
        add(listener) {
            const { key, fn } = listener;
            const text = keyText(key);
            const other = listeners.get(text);
            if (other !== undefined) {
                throw new Error(
                    `Duplicated key parameter hub: ${key.hub}, category: ${key.category}, event: ${key.event} of functions '${other.fn.name}' and '${fn.name}'.`,
                );
            }
            const warning = dataTypeWarning({ fn: fn.name, trigger: fn.trigger, takesBytes: false });
            if (warning !== undefined) {
                host.log("warning", warning, startupCategory);
            }
            listeners.set(text, { ...listener, parameterNames: parameterNamesOf(fn) });
        },
        handle,
    };
}

function readBody(options: {
    listener: Listener;
    context: EventContext;
    protocol: HubProtocol;
    body: Buffer;
}): Pick<Event, "error" | "invocation"> {
    const { listener, context, protocol, body } = options;
    if (listener.key.category === "messages") {
        const invocation = readInvocation({ protocol, body });
        if (invocation.target.toLowerCase() !== context.event.toLowerCase()) {
            throw new Error(`the header says '${context.event}' is called, and the body says '${invocation.target}'.`);
        }
        return { invocation };
    }
    const isDisconnected = listener.key.event.toLowerCase() === "disconnected";
    const error = isDisconnected ? readError(body) : undefined;
    return error === undefined ? {} : { error };
}

function isSigned({ listener, context }: Event): boolean {
    const { accessKeys } = listener;
    return accessKeys === undefined || accessKeys.some((accessKey) => isSignedWith({ accessKey, ...context }));
}

/** The function's input, with the vendor's names in the vendor's order. */
function inputOf({ context, error, invocation }: Event): Record<string, unknown> {
    return {
        Arguments: invocation?.arguments.map(writtenValue) ?? null,
        Error: error ?? null,
        Category: context.category,
        Event: context.event,
        Hub: context.hub,
        ConnectionId: context.connectionId,
        UserId: context.userId ?? null,
        Headers: context.headers,
        Query: context.query ?? null,
        Claims: context.claims ?? null,
    };
}

function isText({ trigger }: HostFunction): boolean {
    return ["undefined", "string"].includes(dataTypeOf(trigger));
}
