import { UpstreamError } from "../core/upstream/errors";

/** Messages for clients and for the log. Azure does not publish its own. */
export const messages = {
    unknownHub: (hub: string, known: readonly string[]): string =>
        `There is no hub '${hub}' in this service. ${known.length === 0 ? "It has no hubs." : `Hubs are: ${known.join(", ")}.`}`,
    unknownPath: (path: string): string =>
        `There is nothing at '${path}'. Clients connect to /clients/socketio/hubs/{hub}.`,
    rejected: (status: number): string => `Connection refused: the connect event was answered with status ${status}.`,
    notUpstream:
        "Connection refused with status 500: the connect event did not reach its handler. The service's log says why.",
    noHandler: (event: string, patterns: readonly string[]): string =>
        `no event handler of the hub takes it. User event patterns: ${patterns.length === 0 ? "none" : patterns.map((pattern) => `'${pattern}'`).join("; ")}. Event: '${event}'.`,
    notTextAnswer: (type: string): string =>
        `the handler answered with content type '${type}'; an answer for the client is text/plain.`,
    notPacketAnswer: (reason: string): string => `the handler's answer is not an Engine.IO packet: ${reason}.`,
    onlyText:
        'Socket.IO clients take an Engine.IO packet as text/plain, such as 42["event",1]; JSON and binary bodies are not sent.',
    dropped: "the client was cut off before this event was delivered.",
    badPacket: (reason: string): string => `The body is not an Engine.IO packet that can be sent: ${reason}.`,
} as const;

/** Message for a client whose connect event failed. */
export function connectErrorMessage(error: unknown): string {
    // The client learns the handler's status. A failure before the handler is for the log only.
    const status = error instanceof UpstreamError ? error.status : undefined;
    return status === undefined ? messages.notUpstream : messages.rejected(status);
}
