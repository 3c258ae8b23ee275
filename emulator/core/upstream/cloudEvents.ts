import { randomUUID } from "node:crypto";

export interface CloudEvent {
    /** Host name of the service, without port. */
    origin: string;
    hub: string;
    connectionId: string;
    /** Counts 0, 1, 2 … per connection. */
    id: number;
    type: string;
    eventName: string;
    signature: string;
    userId: string | undefined;
    contentType: string;
    /** Milliseconds since the Unix epoch. */
    time: number;
}

/** Headers of a CloudEvents request in binary mode, as the service sends them. */
export function cloudEventHeaders(event: CloudEvent): Record<string, string> {
    const headers: Record<string, string> = {
        "Content-Type": event.contentType,
        "WebHook-Request-Origin": event.origin,
        "ce-specversion": "1.0",
        "ce-awpsversion": "1.0",
        "ce-source": `/hubs/${event.hub}/client/${event.connectionId}`,
        "ce-id": String(event.id),
        "ce-time": `${new Date(event.time).toISOString().slice(0, 19)}Z`,
        "ce-type": event.type,
        "ce-signature": event.signature,
        "ce-connectionId": event.connectionId,
        "ce-hub": event.hub,
        "ce-eventName": headerText(event.eventName),
        "x-ms-client-request-id": randomUUID(),
    };
    if (event.userId !== undefined && event.userId !== "") {
        headers["ce-userId"] = headerText(event.userId);
    }
    return headers;
}

/** Why no event can name this user; undefined where one can. The header that names the user ends at a line break, and so does the request. */
export function userIdFault(userId: string | undefined): string | undefined {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the pattern is meant to find control characters.
    return userId !== undefined && /[\x00-\x08\x0a-\x1f\x7f]/.test(userId)
        ? `the user id ${JSON.stringify(userId)} has a control character, which the header ce-userId of an event cannot carry`
        : undefined;
}

/** Turns each UTF-8 byte into one character. Node writes headers as Latin-1, so the receiver gets the UTF-8 bytes. */
export function headerText(value: string): string {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII is the same in both encodings, and nearly all names are ASCII.
    return /^[\x00-\x7f]*$/.test(value) ? value : Buffer.from(value, "utf8").toString("latin1");
}
