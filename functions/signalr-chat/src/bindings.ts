import { app, input, output, trigger } from "@azure/functions";
import { InputError } from "../../shared/input";
import type { Action } from "./actions";

/** The hub of the backend, whose name it gives to the app as this setting. */
const hubName = "%AzureSignalRHub%";
const connectionStringSetting = "AzureSignalRConnectionString";

/** URL and token for a client with the name in `?userId=…`. */
export const connectionInfo = input.generic({
    type: "signalRConnectionInfo",
    hubName,
    userId: "{query.userId}",
    connectionStringSetting,
});

/** URL and token for a user signed in to App Service authentication. */
export const connectionInfoOfSignedIn = input.generic({
    type: "signalRConnectionInfo",
    hubName,
    userId: "{headers.x-ms-client-principal-name}",
    connectionStringSetting,
});

const service = output.generic({ type: "signalR", hubName, connectionStringSetting });

/** The trigger's value, with the property names of the extension. */
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
    /** For `connected`, a thrown error rejects the client. */
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
    /** Names of the arguments. The extension refuses a call with more or fewer; without names it accepts any number. */
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
            // Read from the invocation: the trigger metadata turns a text such as "007" or "true" into a number or boolean.
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
