import type { InspectEvent } from "../../core/inspect";
import { describe, errorTypeOf } from "./conventions";
import type { Places } from "./places";
import { type Attributes, type Json, nanoseconds, toAttributes } from "./values";

const failed = 2;

export function toSpan(event: InspectEvent, places: Places): Json {
    const { trace, span, parent, start, duration = 0, message, status } = event;
    const { name, kind, attributes } = describe(event, places);
    // A status that the attributes have is not told again.
    const description = message !== undefined && status === undefined && { message };
    return {
        traceId: trace,
        spanId: span,
        ...(parent !== undefined && { parentSpanId: parent }),
        name,
        kind,
        startTimeUnixNano: nanoseconds(start),
        endTimeUnixNano: nanoseconds(start + duration),
        attributes: toAttributes({ ...commonOf(event), ...attributes }),
        ...(errorTypeOf(event) !== undefined && { status: { code: failed, ...description } }),
    };
}

/** Attributes that every kind of event has. */
export function commonOf(event: InspectEvent): Attributes {
    return {
        "azure_realtime.kind": event.kind,
        "azure_realtime.name": event.name,
        "azure_realtime.service": event.service,
        "azure_realtime.hub": event.hub,
        "azure_realtime.connection": event.connection,
        "azure_realtime.group": event.group,
        "enduser.id": event.user,
        "error.type": errorTypeOf(event),
    };
}
