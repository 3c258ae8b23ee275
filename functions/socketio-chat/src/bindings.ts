import { app, type InvocationContext, input, output, trigger } from "@azure/functions";
import { InputError } from "../../shared/input";
import type { Action } from "./actions";

/** The hub of the backend, whose name it gives to the app as this setting. */
export const hub = "%WebPubSubForSocketIOHub%";

/** Endpoint, path and token for a client with the name in `?userId=…`. */
export const negotiation = input.generic({ type: "socketionegotiation", hub, userId: "{query.userId}" });

export const clients = output.generic({ type: "socketio", hub });

export interface Socket {
    socketId: string;
    /** Name that the client gave when it negotiated. */
    userId: string | undefined;
}

interface SystemEvent<Event extends string, Request> {
    functionName: string;
    namespace: string;
    event: Event;
    handle(request: Request, socket: Socket): Event extends "connect" ? { statusCode: number } : Action[];
}

interface UserEvent<Parameter extends string> {
    functionName: string;
    namespace: string;
    event: string;
    /**
     * Names of the event's arguments. The host refuses an event with more or fewer. A name that the trigger has already, such
     * as `socketId`, `namespace`, `payload` or `userId`, fails every event.
     */
    parameterNames: readonly Parameter[];
    handle(
        sent: Record<Parameter, unknown>,
        sender: { socketId: string; userId: string },
    ): { actions: Action[]; ack: unknown[] };
}

export interface ConnectRequest {
    claims?: Record<string, string[]> | null;
    query?: Record<string, string[]> | null;
}

export function onConnect(options: Omit<SystemEvent<"connect", ConnectRequest>, "event">): void {
    app.generic(options.functionName, {
        trigger: socketTrigger({ namespace: options.namespace, eventName: "connect" }),
        handler: (request: unknown, context) =>
            options.handle(request as ConnectRequest, socketOf({ request, context })),
    });
}

export function onSystemEvent(options: SystemEvent<"connected" | "disconnected", { reason?: string }>): void {
    app.generic(options.functionName, {
        trigger: socketTrigger({ namespace: options.namespace, eventName: options.event }),
        extraOutputs: [clients],
        handler: (request: unknown, context) => {
            const actions = options.handle(request as { reason?: string }, socketOf({ request, context }));
            context.extraOutputs.set(clients, actions);
        },
    });
}

export function onUserEvent<Parameter extends string>(options: UserEvent<Parameter>): void {
    const { functionName, namespace, event, parameterNames } = options;
    app.generic(functionName, {
        trigger: socketTrigger({ namespace, eventName: event, parameterNames }),
        extraOutputs: [clients],
        handler: (request: unknown, context) => {
            // Read from the request: the trigger metadata turns a text such as "007" or "true" into a number or boolean.
            const { parameters } = request as { parameters?: unknown[] | null };
            const sent = Object.fromEntries(parameterNames.map((name, index) => [name, parameters?.[index]]));
            const { socketId, userId = "" } = socketOf({ request, context });
            try {
                const { actions, ack } = options.handle(sent as Record<Parameter, unknown>, { socketId, userId });
                context.extraOutputs.set(clients, actions);
                return { ack };
            } catch (error) {
                if (!(error instanceof InputError)) {
                    throw error;
                }
                return { ack: [{ error: error.message }] };
            }
        },
    });
}

function socketTrigger(options: { namespace: string; eventName: string; parameterNames?: readonly string[] }) {
    return trigger.generic({ type: "socketiotrigger", hub, ...options });
}

function socketOf({ request, context }: { request: unknown; context: InvocationContext }): Socket {
    const userId: unknown = context.triggerMetadata?.userId;
    return {
        socketId: (request as { socketId: string }).socketId,
        // The trigger metadata turns a name such as "42" into a number.
        userId: userId === undefined || typeof userId === "string" ? userId : JSON.stringify(userId),
    };
}
