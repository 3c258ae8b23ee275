import type { InspectEvent } from "../../core/inspect";
import { commonOf } from "./spans";
import { type Json, nanoseconds, toAttributes } from "./values";

/** Severities in OTLP's numbers. */
const severities = { debug: 5, info: 9, warn: 13, error: 17 } as const;

export function toLogRecord(event: InspectEvent): Json {
    const { start, trace, parent, name, message, fix, kind, outcome } = event;
    const level = event.level ?? (outcome === "failed" ? "error" : "info");
    return {
        timeUnixNano: nanoseconds(start),
        observedTimeUnixNano: nanoseconds(start),
        severityNumber: severities[level],
        severityText: level.toUpperCase(),
        body: { stringValue: textOf(kind, name, message) },
        attributes: toAttributes({ ...commonOf(event), "azure_realtime.fix": fix }),
        // A line outside of any trace must have none, or a viewer shows a trace without spans.
        ...(parent !== undefined && { traceId: trace, spanId: parent }),
    };
}

function textOf(kind: InspectEvent["kind"], name: string, message: string | undefined): string {
    return kind === "log" || kind === "why"
        ? (message ?? name)
        : `${kind} ${name}${message === undefined ? "" : `: ${message}`}`;
}
