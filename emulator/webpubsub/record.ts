import type { Span } from "../core/inspect";
import type { LongNumber } from "./message";

/** Records the end of a client's message, and the acknowledgement that the client gets. */
export function noteEnd(span: Span | undefined, end: { ackId?: LongNumber | undefined; failure?: string } = {}): void {
    if (span === undefined) {
        return;
    }
    const { ackId, failure } = end;
    const outcome = failure === undefined ? "ok" : "failed";
    if (ackId !== undefined) {
        span.note("ack", { name: `ack ${ackId}`, outcome, ...(failure !== undefined && { message: failure }) });
    }
    span.end({ outcome, ...(failure !== undefined && { message: failure }) });
}

/** Records that a client lacks a role. */
export function noteForbidden(
    span: Span | undefined,
    { role, group, message }: { role: "sendToGroup" | "joinLeaveGroup"; group: string; message: string },
): void {
    span?.note("why", {
        name: role,
        code: "roleMissing",
        outcome: "failed",
        group,
        message,
        fix: `Give the client the role "webpubsub.${role}" or "webpubsub.${role}.${group}" where its token is made, or in the answer of the connect function.`,
    });
}
