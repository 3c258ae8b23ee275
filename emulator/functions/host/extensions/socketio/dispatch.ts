import { startupCategory } from "../../../../core/log";
import { dataTypeWarning, typedBytes } from "../../bindings/dataType";
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
import { answerAbuseCheck, type Caller, isSignatureValid, splitList } from "../service/validation";
import { buildAnswer } from "./answer";
import { type EventKey, keyText, parameterNamesOf, parseEventHeaders, type SocketContext } from "./events";
import { decodeEvent, type EventPacket } from "./packet";
import { readRequest } from "./request";

/** Receives the service's events and runs the function for each. */
export interface Dispatcher {
    /** Adds a function. Throws a {@link ListenerError} when the event has one already. */
    add(listener: { fn: HostFunction; key: EventKey }): void;
    handle: NonNullable<RunningExtension["webhook"]>;
}

/** Checks in the vendor's order: a missing function is reported before a bad signature, and that before a bad method. */
export function createDispatcher({ host, caller }: { host: ExtensionHost; caller: Caller }): Dispatcher {
    const listeners = new Map<string, HostFunction>();

    async function handle(request: WebhookRequest): Promise<WebhookResponse> {
        if (request.method === "OPTIONS" || request.method === "GET") {
            const origins = request.headers["webhook-request-origin"];
            if (origins === undefined) {
                throw new Error("a validation request has no WebHook-Request-Origin header.");
            }
            return answerAbuseCheck({ origins: splitList(origins.join(",")), caller });
        }
        const context = readContext(host, () => parseEventHeaders(request));
        if (context === undefined) {
            return { status: 400 };
        }
        const fn = listeners.get(keyText(context));
        if (fn === undefined) {
            return { status: 404 };
        }
        if (
            !isSignatureValid({ ...context, signature: context.signature, origins: splitList(context.origin), caller })
        ) {
            return refuseCaller(host, fn);
        }
        if (request.method !== "POST") {
            return { status: 400 };
        }
        const packet = readPacket({ context, request });
        return "status" in packet ? packet : run({ fn, context, packet: packet.event, body: request.body });
    }

    async function run(options: {
        fn: HostFunction;
        context: SocketContext;
        packet: EventPacket | undefined;
        body: Buffer;
    }): Promise<WebhookResponse> {
        const { fn, context, packet } = options;
        const { value, data } = readRequest(options);
        const isConnect = context.eventType === "System" && context.eventName.toLowerCase() === "connect";
        const ackId = packet?.ackId;
        const isAwaited = isConnect || ackId !== undefined;
        let result: InvocationResult;
        try {
            addParameters({ fn, data, packet });
            const input = typedBytes(fn.trigger, Buffer.from(JSON.stringify(value)));
            result = await host.invoke({ fn, input, data });
        } catch (error) {
            const { eventName, socketId } = context;
            return isAwaited
                ? stayUnanswered(host, { fn, eventName, client: `socket ${socketId}`, error })
                : { status: 200 };
        }
        if (!isAwaited) {
            return { status: 200 };
        }
        if (typeof result.returnValue === "number") {
            host.log(
                "warning",
                `Function '${fn.name}' returned a number, which is no answer to an event. It is ignored.`,
            );
        }
        const answer = buildAnswer({
            value: result.returnValue,
            context: ackId === undefined ? { kind: "connect" } : { kind: "event", namespace: context.namespace, ackId },
        });
        if (answer !== undefined && answer.status === 500) {
            host.log("error", `Function '${fn.name}' returned what cannot be sent: ${answer.body ?? "status 500"}`);
        }
        return answer ?? { status: 200 };
    }

    return {
        add({ fn, key }) {
            const text = keyText(key);
            const other = listeners.get(text);
            if (other !== undefined) {
                throw new ListenerError(
                    `Duplicated binding attribute find: hub '${key.hub}', namespace '${key.namespace}', event '${key.eventName}' of functions '${other.name}' and '${fn.name}'.`,
                );
            }
            const warnings = [
                dataTypeWarning({ fn: fn.name, trigger: fn.trigger, takesBytes: true }),
                ...parameterNamesOf(fn).map((name) => clashWarning(fn, name)),
            ];
            for (const warning of warnings.filter((text) => text !== undefined)) {
                host.log("warning", warning, startupCategory);
            }
            listeners.set(text, fn);
        },
        handle,
    };
}

/** Reads the packet of a user event (a system event has none), or returns the refusal. Throws when the packet is broken. */
function readPacket(options: {
    context: SocketContext;
    request: WebhookRequest;
}): { event: EventPacket | undefined } | WebhookResponse {
    const { context, request } = options;
    if (context.eventType === "System") {
        return { event: undefined };
    }
    const contentType = request.headers["content-type"]?.[0];
    if (contentType === undefined) {
        throw new Error("a user event has no Content-Type.");
    }
    const mediaType = contentType.split(";")[0]!.trim();
    if (mediaType.toLowerCase() !== "text/plain") {
        return { status: 400, body: `Message data only supports text. Current value is: ${mediaType}` };
    }
    const event = decodeEvent(request.body.toString());
    if (event.eventName !== context.eventName) {
        throw new Error(`Event name dismatch. ${context.eventName} from header but ${event.eventName} from payload`);
    }
    return { event };
}

/** What the vendor's trigger adds to the binding data of a user event. It cannot add a name twice. */
const ownNames = ["request", "connectionContext", "socketId", "namespace", "userId", "payload"];

function clashWarning({ name: fn }: HostFunction, name: string): string | undefined {
    const own = ownNames.find((candidate) => candidate.toLowerCase() === name.toLowerCase());
    return own === undefined
        ? undefined
        : `Function '${fn}': parameterNames has '${name}', which is the trigger's own name for a part of the event, so ` +
              "its events fail, as on Azure. Choose another name.";
}

function addParameters(options: {
    fn: HostFunction;
    data: Record<string, unknown>;
    packet: EventPacket | undefined;
}): void {
    const { fn, data, packet } = options;
    const names = parameterNamesOf(fn);
    if (names.length === 0) {
        return;
    }
    if (packet === undefined || packet.arguments.length !== names.length) {
        const given =
            packet === undefined ? "a system event, which has no arguments" : `${packet.arguments.length} arguments`;
        throw new Error(
            `Function '${fn.name}': parameterNames has ${names.length} names (${names.join(", ")}), but the event is ${given}.`,
        );
    }
    for (const [index, name] of names.entries()) {
        if (Object.keys(data).some((key) => key.toLowerCase() === name.toLowerCase())) {
            throw new Error(
                `Function '${fn.name}': parameterNames has '${name}', which the event has already. An item with the same key has already been added.`,
            );
        }
        data[name] = packet.arguments[index];
    }
}
