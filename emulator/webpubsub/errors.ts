import type { LongNumber } from "./message";

/** Messages for clients and for the log. They are Azure's own where those are known. */
export const messages = {
    unknownPath: (path: string): string => `There is nothing at '${path}'. Clients connect to /client/hubs/{hub}.`,
    mqtt: "MQTT clients are not emulated. Clients connect to /client/hubs/{hub}.",
    notWebSocket: "Clients connect with a WebSocket.",
    invalidHub: (hub: string): string =>
        `Invalid hub name '${hub}': a letter, then up to 127 letters, digits or any of _\`,.[].`,
    invalidTokenGroup: "The token contains an invalid group name.",
    invalidMode: (mode: string): string =>
        `webpubsub_mode is '${mode}'. Known are sendEvent, and sendToGroup with a valid group and noEcho true, false or none.`,
    notRecovered: "The connection could not be recovered.",
    recoveryTimeout: "The connection recovery timeout expired.",
    cutOff: "The connection was cut off.",
    bufferFull: "The reliable message buffer is full.",
    invalidRequest: (protocol: string): string => `The client message is not a valid ${protocol} protocol message.`,
    wrongFrame: (protocol: string, kind: string): string => `The ${protocol} subprotocol requires ${kind} messages.`,
    rawForbidden: "The connection is not authorized for raw sendToGroup mode.",
    internal: "Internal server error",
    closedByServer: (reason: string): string =>
        reason === ""
            ? "Application server closed the connection."
            : `Application server closed the connection. Reason: ${reason}`,
    forbidden: (action: string, group: string): string =>
        `The client does not have permission to ${action} group '${group}'.`,
    duplicate: (ackId: LongNumber): string => `Message with ack-id: ${ackId} has been processed`,
    timeout: "The event handler did not answer in time.",
    noInvoke: "Invocations are not emulated. Send an event instead.",
    noGroupState: "Group states are not emulated.",
    noStream: "Streams are not emulated. Send messages to the group instead.",
    noHandler: (event: string, patterns: readonly string[]): string =>
        `no event handler of the hub takes it. User event patterns: ${patterns.length === 0 ? "none" : patterns.map((pattern) => `'${pattern}'`).join("; ")}. Event: '${event}'.`,
    noEventHub: (listener: string): string =>
        `events for ${listener} are not delivered: Event Hubs are not emulated. This is said once.`,
    badAnswerType: (type: string): string =>
        `the handler answered with content type '${type}'; known are text/plain, application/json, application/octet-stream.`,
} as const;
