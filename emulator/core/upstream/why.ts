import { messageOf } from "../errors";
import { dataTypeOf, type EventFields, payload, type Span } from "../inspect";
import { BrokenError, HandshakeError, shownUrl, UpstreamError, UpstreamTimeoutError } from "./errors";
import type { EventHandler } from "./eventHandlers";
import type { UpstreamResponse } from "./http";

/** Records what the handler answered. */
export function noteAnswer(span: Span, name: string, { status, headers, body }: UpstreamResponse): void {
    span.note("answer", {
        name,
        status,
        outcome: status < 400 ? "ok" : "failed",
        ...payload(body, dataTypeOf(headers["content-type"])),
    });
}

/** Why an event reaches no handler, and the line that lets it. */
export function noHandlerFor(event: {
    hub: string;
    kind: "system" | "user";
    name: string;
    handlers: readonly EventHandler[];
}): EventFields {
    const { hub, kind, name, handlers } = event;
    const effect = kind === "system" && name === "connect" ? ", so every client is let in" : "";
    const cause =
        handlers.length === 0
            ? `Hub '${hub}' has no event handler, so its events go nowhere.`
            : `No event handler of hub '${hub}' selects ${kind} event '${name}', so no function runs${effect}.`;
    const fix =
        handlers.length === 0
            ? `Give hub '${hub}' an event handler: hubs: [{ name: "${hub}", eventHandlers: [...] }] of the backend, or eventHandlers of the WebPubSubHub.`
            : kind === "system"
              ? `Add "${name}" to systemEvents in eventHandlers[0] of hub '${hub}'.`
              : `Let userEventPattern in eventHandlers of hub '${hub}' select '${name}' ('*' selects all). It is ${patternsOf(handlers)}.`;
    return { name, hub, code: "noHandler", outcome: "failed", message: cause, fix };
}

function patternsOf(handlers: readonly EventHandler[]): string {
    return handlers.map(({ userEventPattern }) => `'${userEventPattern ?? ""}'`).join(", ");
}

/** Why no template of SignalR's upstream takes an event. */
export function noTemplateFor(event: { hub: string; category: string; name: string; count: number }): EventFields {
    const { hub, category, name, count } = event;
    return {
        name,
        code: "noHandler",
        outcome: "failed",
        message:
            count === 0
                ? "The service has no upstream template, so its events go nowhere."
                : `No upstream template selects hub '${hub}', category '${category}' and event '${name}', so no function runs.`,
        fix: `Correct hubPattern, categoryPattern and eventPattern in upstream.templates of the service (upstreamTemplates of the backend); letter case counts.`,
    };
}

/** An event that was not delivered. */
interface FailedCall {
    handler: EventHandler;
    hub: string;
    event: string;
    headers: Record<string, string>;
}

/** Records that an event was not delivered, with its cause and the line to change. */
export function explainFailure({ span, error, call }: { span: Span; error: unknown; call: FailedCall }): void {
    const status = error instanceof UpstreamError ? error.status : undefined;
    const message = messageOf(error);
    span.note("why", {
        name: call.event,
        outcome: "failed",
        message,
        ...(status !== undefined && { status }),
        ...reasonOf({ error, status, message, call }),
        ...(status === 404 &&
            !(error instanceof HandshakeError || error instanceof BrokenError) &&
            noFunctionFor(call)),
    });
    span.end({ outcome: "failed", message, ...(status !== undefined && { status }) });
}

/** Why the app has no function for an event, with the trigger that it lacks. Extensions compare names without letter case. */
function noFunctionFor({ event, hub, headers, handler }: FailedCall): Pick<EventFields, "code" | "message" | "fix"> {
    const namespace = headers["ce-namespace"];
    const category = headers["X-ASRS-Category"];
    const isSystem = headers["ce-type"]?.startsWith("azure.webpubsub.sys.") === true;
    const [trigger, place, source] =
        category !== undefined
            ? [
                  `signalRTrigger (hubName '${hub}', category '${category}', event '${event}')`,
                  `category '${category}' of hub '${hub}'`,
                  "categoryPattern and eventPattern of the upstream template",
              ]
            : namespace !== undefined
              ? [
                    `socketioTrigger (hub '${hub}', eventName '${event}'${namespace === "/" ? "" : `, namespace '${namespace}'`})`,
                    `namespace '${namespace}' of hub '${hub}'`,
                    isSystem
                        ? "systemEvents of the hub's event handler"
                        : "userEventPattern of the hub's event handler",
                ]
              : [
                    `webPubSubTrigger (hub '${hub}', eventType '${isSystem ? "system" : "user"}', eventName '${event}')`,
                    `hub '${hub}'`,
                    isSystem
                        ? "systemEvents of the hub's event handler"
                        : "userEventPattern of the hub's event handler",
                ];
    return {
        code: "noHandler",
        message: `No function takes the event '${event}' of ${place}: the app at '${shownUrl(handler.urlTemplate)}' answered 404.`,
        fix: `Add a function with the trigger ${trigger}, correct the trigger that should take this event, or let ${source} leave the event out.`,
    };
}

interface Failure {
    error: unknown;
    status: number | undefined;
    message: string;
    call: FailedCall;
}

function reasonOf({ error, status, message, call }: Failure): Pick<EventFields, "code" | "fix"> {
    const { handler, headers } = call;
    const url = shownUrl(handler.urlTemplate);
    const key = `urlTemplate '${url}?code=…' of the hub: 'code' must be the app's system key of this extension, <extension>_extension. Let the component set it (keySource), or read the key with 'azure-realtime keys'.`;
    if (error instanceof HandshakeError) {
        return /failed: 40[13]/.test(message)
            ? { code: "keyRefused", fix: key }
            : { code: "handshakeFailed", fix: handshakeFix(message, url) };
    }
    if (error instanceof BrokenError) {
        return { code: "functionFailed", fix: "Mend it under 'Try it', 'Break things'." };
    }
    if (error instanceof UpstreamTimeoutError) {
        return {
            code: "ackTimeout",
            fix: "The function must return. Look for a promise that never settles, and move long work out of it.",
        };
    }
    switch (status) {
        case 401:
        case 403:
            return refusalOf({ status, key, handler, headers });
        case undefined:
            return { code: "notConnected", fix: `Nothing answers at '${url}'. Start the app, or correct urlTemplate.` };
        default:
            return {
                code: "functionFailed",
                fix: "Open the function's row of this trace: its log and error are there.",
            };
    }
}

/** Who in the app refused an event that no handshake refused. */
function refusalOf(refused: {
    status: 401 | 403;
    key: string;
    handler: EventHandler;
    headers: FailedCall["headers"];
}): Pick<EventFields, "code" | "fix"> {
    const { status, key, handler, headers } = refused;
    if (headers["X-ASRS-Category"] === undefined) {
        // The handshake before the event had the same key, so the host let that key in.
        const signature =
            "compare the key in the trigger's connection setting with the keys of the service, because the extension refuses other signatures; then look whether the app's system key has changed since the handshake";
        return {
            code: "functionRefused",
            fix: `The key of the URL fits. When a function stands in this trace, that function refused the event with ${status}. ${status === 401 ? `When none does, ${signature}.` : "The client may lack a right that the function asks for."}`,
        };
    }
    if (handler.auth?.type === "ManagedIdentity") {
        return {
            code: "tokenRefused",
            fix: "Let allowedApplications and allowedPrincipals of the app's authentication hold the identity of the service (eventAuth of the backend does).",
        };
    }
    return status === 401
        ? {
              code: "keyRefused",
              fix: `${key} When the key fits, compare the access key in the trigger's connection setting with the keys of the service.`,
          }
        : {
              code: "functionRefused",
              fix: "The function of the event 'connected' failed: its row of this trace says why.",
          };
}

function handshakeFix(message: string, url: string): string {
    if (/failed: 400/.test(message)) {
        return "No trigger of the app takes events of this service: compare the connection setting of the trigger with the service.";
    }
    if (/failed: 404/.test(message)) {
        return `Correct the path of urlTemplate '${url}': /runtime/webhooks/socketio or /runtime/webhooks/webpubsub.`;
    }
    return `The handler at '${url}' must answer OPTIONS with 200 and 'WebHook-Allowed-Origin: *'.`;
}
