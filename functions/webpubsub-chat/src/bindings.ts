import { app, input, output, trigger } from "@azure/functions";
import { InputError } from "../../shared/input";
import { isAdmin } from "../../shared/names";
import { type Action, type Content, json } from "./actions";
import type { Admission } from "./admission";
import {
    type ConnectRequest,
    type DisconnectedRequest,
    readData,
    type Sender,
    senderOf,
    type UserRequest,
} from "./events";

export const hub = "chat";

/** A URL with a token for a client that calls itself `?userId=…`. */
export const access = input.webPubSubConnection({ name: "access", hub, userId: "{query.userId}" });

/** The same for whoever signed in to App Service authentication. */
export const accessOfSignedIn = input.webPubSubConnection({
    name: "access",
    hub,
    userId: "{headers.x-ms-client-principal-name}",
});

/** The event in a request that the service sent to a URL of the app's own. */
export const upstream = input.webPubSubContext({ name: "upstream" });

const service = output.webPubSub({ name: "service", hub });

export function onConnect(handle: (request: ConnectRequest) => Admission): void {
    app.generic("connect", {
        trigger: eventTrigger({ eventType: "system", eventName: "connect" }),
        handler: (request: unknown) => handle(request as ConnectRequest),
    });
}

interface SystemEvent {
    eventName: "connected" | "disconnected";
    handle(sender: Sender, request: DisconnectedRequest): Action[];
}

export function onSystemEvent({ eventName, handle }: SystemEvent): void {
    app.generic(eventName, {
        trigger: eventTrigger({ eventType: "system", eventName }),
        extraOutputs: [service],
        handler: (request: unknown, context) => {
            const event = request as DisconnectedRequest;
            context.extraOutputs.set(service, handle(senderOf(event.connectionContext), event));
        },
    });
}

interface Answer {
    actions?: Action[];
    /** Goes back to the sender, before the acknowledgement. */
    reply: Content;
    /** What the service keeps with the connection and hands over with its next events. */
    states?: Record<string, unknown>;
}

interface UserEvent {
    eventName: string;
    /** Whether the event is for admins only; anybody else's fails with 401. */
    adminOnly?: true;
    handle(event: { data: unknown; sender: Sender; states: Record<string, unknown> }): Answer;
}

export function onUserEvent({ eventName, adminOnly, handle }: UserEvent): void {
    app.generic(eventName, {
        trigger: eventTrigger({ eventType: "user", eventName }),
        extraOutputs: [service],
        handler: (request: unknown, context) => {
            const event = request as UserRequest;
            const sender = senderOf(event.connectionContext);
            if (adminOnly && !isAdmin(sender.userId)) {
                return { code: "unauthorized", errorMessage: `${eventName} is for admins` };
            }
            try {
                const states = event.connectionContext.states ?? {};
                const { actions = [], reply, states: kept } = handle({ data: readData(event), sender, states });
                if (actions.length > 0) {
                    context.extraOutputs.set(service, actions);
                }
                return kept === undefined ? reply : { ...reply, states: kept };
            } catch (error) {
                if (!(error instanceof InputError)) {
                    throw error;
                }
                // A code would fail the event, and with it the connection; a mistyped message is not worth that.
                return json({ type: "refused", event: eventName, error: error.message });
            }
        },
    });
}

function eventTrigger(event: { eventType: "system" | "user"; eventName: string }) {
    // The extension looks at the name of the binding to know what to hand over.
    return trigger.webPubSub({ name: "request", hub, ...event });
}
