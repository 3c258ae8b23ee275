import type { LongNumber } from "./message";

/** Messages for clients and for the log. They are Azure's own where those are known. */
export const messages = {
    unknownPath: (path: string): string => `There is nothing at '${path}'. Clients connect to /client/hubs/{hub}.`,
    mqtt: "MQTT clients are not emulated. Clients connect to /client/hubs/{hub}.",
    notWebSocket: "Clients connect with a WebSocket.",
    protobuf: (offered: readonly string[]): string =>
        `The protobuf subprotocols are not emulated. The client offers ${offered.join(", ")}; use json.webpubsub.azure.v1 or json.reliable.webpubsub.azure.v1.`,
    invalidHub: (hub: string): string =>
        `Invalid hub name '${hub}': a letter, then up to 127 letters, digits or any of _\`,.[].`,
    invalidTokenGroup: "The token contains an invalid group name.",
    invalidMode: (mode: string): string =>
        `webpubsub_mode is '${mode}'. Known are sendEvent, and sendToGroup with a valid group.`,
    notRecovered: "The connection could not be recovered.",
    recoveryTimeout: "The client was cut off and did not come back in time.",
    cutOff: "The connection was cut off.",
    bufferFull: "The reliable message buffer is full.",
    invalidRequest: "The client message is not a valid JSON protocol message.",
    textOnly: "The JSON subprotocol requires text messages.",
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
    noStream: "Streams are not emulated. Send messages to the group instead.",
    noHandler: (event: string, patterns: readonly string[]): string =>
        `no event handler of the hub takes it. User event patterns: ${patterns.length === 0 ? "none" : patterns.map((pattern) => `'${pattern}'`).join("; ")}. Event: '${event}'.`,
    noEventHub: (listener: string): string =>
        `events for ${listener} are not delivered: Event Hubs are not emulated. This is said once.`,
    badAnswerType: (type: string): string =>
        `the handler answered with content type '${type}'; known are text/plain, application/json, application/octet-stream.`,
} as const;
