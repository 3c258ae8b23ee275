import { app, input, output, trigger } from "@azure/functions";
import { InputError } from "../../shared/input";
import type { Action } from "./actions";

const hubName = "chat";
const connectionStringSetting = "AzureSignalRConnectionString";

/** URL and token for a client that calls itself `?userId=…`. */
export const connectionInfo = input.generic({
    type: "signalRConnectionInfo",
    hubName,
    userId: "{query.userId}",
    connectionStringSetting,
});

/** The same for whoever signed in to App Service authentication. */
export const connectionInfoOfSignedIn = input.generic({
    type: "signalRConnectionInfo",
    hubName,
    userId: "{headers.x-ms-client-principal-name}",
    connectionStringSetting,
});

const service = output.generic({ type: "signalR", hubName, connectionStringSetting });

/** What the extension hands over, written its way. */
interface Invocation {
    ConnectionId: string;
    UserId?: string | null;
    Arguments?: unknown[] | null;
    Error?: string | null;
}

export interface Sender {
    connectionId: string;
    userId: string;
}

interface ConnectionEvent {
    event: "connected" | "disconnected";
    /** A thrown error turns away a client that connects. */
    handle(sender: Sender, reason: string): Action[];
}

export function onConnection({ event, handle }: ConnectionEvent): void {
    app.generic(event, {
        trigger: trigger.generic({
            type: "signalRTrigger",
            hubName,
            category: "connections",
            event,
            connectionStringSetting,
        }),
        extraOutputs: [service],
        handler: (value: unknown, context) => {
            const invocation = value as Invocation;
            context.extraOutputs.set(service, handle(senderOf(invocation), invocation.Error ?? ""));
        },
    });
}

interface HubMethod<Parameter extends string> {
    /** Name of the method, and of the function. */
    event: string;
    /** The names of what the client sends; the extension refuses more or fewer. None means that it is not counted. */
    parameterNames?: readonly Parameter[];
    handle(sent: Record<Parameter, unknown>, sender: Sender): { actions?: Action[]; result: unknown };
}

export function onMessage<Parameter extends string = never>(options: HubMethod<Parameter>): void {
    const { event, parameterNames = [], handle } = options;
    app.generic(event, {
        trigger: trigger.generic({
            type: "signalRTrigger",
            hubName,
            category: "messages",
            event,
            parameterNames,
            connectionStringSetting,
        }),
        extraOutputs: [service],
        handler: (value: unknown, context) => {
            const invocation = value as Invocation;
            // The trigger metadata holds these by name too, but turns text such as "007" or "true" into what it looks like.
            const sent = Object.fromEntries(parameterNames.map((name, index) => [name, invocation.Arguments?.[index]]));
            try {
                const { actions = [], result } = handle(sent as Record<Parameter, unknown>, senderOf(invocation));
                if (actions.length > 0) {
                    context.extraOutputs.set(service, actions);
                }
                return result;
            } catch (error) {
                if (!(error instanceof InputError)) {
                    throw error;
                }
                return { error: error.message };
            }
        },
    });
}

function senderOf({ ConnectionId, UserId }: Invocation): Sender {
    return { connectionId: ConnectionId, userId: UserId ?? "" };
}
