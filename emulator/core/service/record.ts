import type { EventFields, Recorder, Span } from "../inspect";
import type { Member } from "./registry";

/** Records that a client came or went. */
export function noteConnection(
    recorder: Recorder,
    { connectionId, userId }: Pick<Member, "connectionId" | "userId">,
    change: { name: "opened" | "closed"; message?: string | undefined },
): void {
    if (recorder.on) {
        const { name, message } = change;
        recorder.note("connection", {
            name,
            outcome: "ok",
            connection: connectionId,
            ...(userId !== undefined && { user: userId }),
            ...(message !== undefined && message !== "" && { message }),
        });
    }
}

export interface Broadcast extends EventFields {
    count: number;
    /** Whether somebody is there before a filter and exclusions take connections out. Then nobody is missing. */
    isAnybody?: boolean;
}

/** Records that a client or a request of one was refused. */
export function noteRefused(
    recorder: Recorder,
    refused: { hub: string | undefined; status: number; message: string },
): void {
    if (recorder.on) {
        const { hub, status, message } = refused;
        const fields = { name: "client refused", outcome: "failed" as const, status, message, ...refusalOf(status) };
        recorder.note("why", { ...fields, ...(hub !== undefined && { hub }) });
    }
}

function refusalOf(status: number): Pick<EventFields, "code" | "fix"> {
    switch (status) {
        case 401:
        case 403:
            return {
                code: "tokenRefused",
                fix: "Get a new URL or token from the negotiate function, for this hub and this service. A connect function that answers 401 or 403 refuses its client, too.",
            };
        case 404:
            return { code: "noHub", fix: "Compare the hub's name in the client's URL with the hubs of the service." };
        case 429:
            return {
                code: "notConnected",
                fix: "Choose a sku without this limit, such as Standard_S1, or close other clients.",
            };
        case 503:
            return { code: "notConnected", fix: 'Set the feature ServiceMode to "Serverless" (the backends do).' };
        case 500:
            return {
                code: "functionFailed",
                fix: "The connect function failed or did not answer: its row of this time says why.",
            };
        default:
            return { fix: "Correct the client's request as the message says." };
    }
}

/** Records to how many connections a message went, and why it went to nobody. */
export function noteBroadcast(span: Span | undefined, { isAnybody, ...broadcast }: Broadcast): void {
    if (span === undefined) {
        return;
    }
    span.note("broadcast", { outcome: "ok", ...broadcast });
    if (broadcast.count === 0 && isAnybody !== true) {
        span.note("why", {
            ...broadcast,
            outcome: "failed",
            ...nobody({ ...broadcast, hub: broadcast.hub ?? span.event.hub }),
        });
    }
}

function nobody({
    group,
    user,
    connection,
    hub,
}: Omit<Broadcast, "hub"> & { hub: string | undefined }): Pick<EventFields, "code" | "message" | "fix"> {
    const [of, to] = hub === undefined ? ["", "the hub"] : [` of hub '${hub}'`, `hub '${hub}'`];
    if (group !== undefined) {
        return {
            code: "noGroupMember",
            message: `Nobody is in group '${group}'${of}, so the message went to nobody.`,
            fix: `Add a connection or user to '${group}' before the message, and compare the name letter by letter.`,
        };
    }
    if (user !== undefined) {
        return {
            code: "noUser",
            message: `User '${user}' has no connection to ${to}, so the message went to nobody.`,
            fix: "Compare the user id of the message with the one in the client's token, letter by letter.",
        };
    }
    return {
        code: "notConnected",
        message:
            connection === undefined
                ? `No client is connected to ${to}, so the message went to nobody.`
                : `There is no connection '${connection}'${of}, so the message went to nobody.`,
        fix: "Send while a client is connected to this hub, and compare the hub's name with the one in the client's URL.",
    };
}
