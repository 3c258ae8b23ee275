import { startupCategory } from "../../../../core/log";
import {
    type ExtensionHost,
    type HostFunction,
    type InvocationResult,
    ListenerError,
    type RunningExtension,
    type WebhookRequest,
    type WebhookResponse,
} from "../extension";
import { readContext, refuseCaller, stayUnanswered } from "../service/dispatch";
import { type Caller, splitList } from "../service/validation";
import { buildAnswer } from "./answer";
import { allowsEvent } from "./callers";
import { answerPreflight } from "./context";
import { type EventContext, kindOf, parseEventHeaders } from "./events";
import { type EventRequest, MediaTypeError, readEvent } from "./request";
import { keysOf, keyText, type TriggerKey } from "./triggers";
import { inputOf, toData, warningOf } from "./value";

interface Listener {
    fn: HostFunction;
    callers: readonly Caller[];
}

/** Receives the service's events and runs the function for each. */
export interface Dispatcher {
    /** Adds a function. Throws a {@link ListenerError} when the event has one already. */
    add(listener: Listener & { key: TriggerKey }): void;
    handle: NonNullable<RunningExtension["webhook"]>;
}

/** Checks in the vendor's order: a missing function is reported before a bad signature, and that before a bad method. */
export function createDispatcher(host: ExtensionHost): Dispatcher {
    const listeners = new Map<string, Listener>();

    async function handle(request: WebhookRequest): Promise<WebhookResponse> {
        // Source: IsValidationRequest of Utilities.cs of Azure/azure-sdk-for-net, which throws for a request without the header.
        if (request.method === "OPTIONS" || request.method === "GET") {
            const origins = request.headers["webhook-request-origin"];
            if (origins === undefined) {
                throw new Error("a validation request has no WebHook-Request-Origin header.");
            }
            return preflight(splitList(origins.join(",")));
        }
        const context = readContext(host, () => parseEventHeaders(request));
        if (context === undefined) {
            return { status: 400 };
        }
        const listener = find(context);
        if (listener === undefined) {
            return { status: 404 };
        }
        if (!allowsEvent({ callers: listener.callers, context })) {
            return refuseCaller(host, listener.fn);
        }
        if (request.method !== "POST") {
            return { status: 400 };
        }
        try {
            const event = readEvent({ context, request });
            return await run({ fn: listener.fn, context, event, body: request.body });
        } catch (error) {
            if (error instanceof MediaTypeError) {
                return { status: 400, body: error.message };
            }
            throw error;
        }
    }

    function preflight(origins: readonly string[]): WebhookResponse {
        for (const { callers } of listeners.values()) {
            const answer = answerPreflight({ origins, callers });
            if (answer.status === 200) {
                return answer;
            }
        }
        return { status: 400 };
    }

    function find(context: EventContext): Listener | undefined {
        for (const key of keysOf(context)) {
            const listener = listeners.get(key);
            if (listener !== undefined) {
                return listener;
            }
        }
        return undefined;
    }

    async function run(options: {
        fn: HostFunction;
        context: EventContext;
        event: EventRequest;
        body: Buffer;
    }): Promise<WebhookResponse> {
        const { fn, context, event, body } = options;
        const kind = kindOf(context);
        const isAwaited = kind === "connect" || kind === "user";
        let result: InvocationResult;
        try {
            result = await host.invoke({
                fn,
                input: inputOf({ trigger: fn.trigger, event, body }),
                data: toData(event),
            });
        } catch (error) {
            const { eventName, connectionId } = context;
            return isAwaited
                ? stayUnanswered(host, { fn, eventName, client: `connection ${connectionId}`, error })
                : { status: 200 };
        }
        const { returnValue: value } = result;
        if (!isAwaited || value === undefined || value === null) {
            return { status: 200 };
        }
        if (typeof value !== "object") {
            host.log(
                "warning",
                `Function '${fn.name}' returned a ${typeof value}, which is no answer to an event. It is ignored.`,
            );
            return { status: 200 };
        }
        const answer = buildAnswer({ value, kind, states: context.states });
        if (answer.status === 500) {
            host.log(
                "error",
                `Function '${fn.name}' answered with an error, or what cannot be sent: ${String(answer.body)}`,
            );
        }
        return answer;
    }

    return {
        add({ fn, callers, key }) {
            const text = keyText(key);
            const other = listeners.get(text);
            if (other !== undefined) {
                throw new ListenerError(
                    `Duplicated binding attribute find: hub '${key.hub}', ${key.eventType} event '${key.eventName}' of functions '${other.fn.name}' and '${fn.name}'.`,
                );
            }
            const warning = warningOf(fn);
            if (warning !== undefined) {
                host.log("warning", warning, startupCategory);
            }
            listeners.set(text, { fn, callers });
        },
        handle,
    };
}
