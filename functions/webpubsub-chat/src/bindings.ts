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

/** The hub of the backend, whose name it gives to the app as this setting. */
export const hub = "%WebPubSubHub%";

/** URL with a token for a client with the name in `?userId=…`. */
export const access = input.webPubSubConnection({ name: "access", hub, userId: "{query.userId}" });

/** URL with a token for a user signed in to App Service authentication. */
export const accessOfSignedIn = input.webPubSubConnection({
    name: "access",
    hub,
    userId: "{headers.x-ms-client-principal-name}",
});

/** The event in a request that the service sent to the app's own `eventhandler` URL. */
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
    /** Message to the sender, sent before the acknowledgement. */
    reply: Content;
    /** Values that the service stores with the connection and adds to its later events. */
    states?: Record<string, unknown>;
}

interface UserEvent {
    eventName: string;
    /** Whether only admins may send the event. From another client it fails with 401. */
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
                // An error code would close the connection, which is too much for one invalid message.
                return json({ type: "refused", event: eventName, error: error.message });
            }
        },
    });
}

function eventTrigger(event: { eventType: "system" | "user"; eventName: string }) {
    // The extension passes the event only to a binding with this name.
    return trigger.webPubSub({ name: "request", hub, ...event });
}
