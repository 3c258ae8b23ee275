import { isFailure } from "./store";
import type { InspectEvent } from "./types";

export interface Filter {
    /** Words that all have to be in the event. */
    text: string;
    /** A kind, or "" for all of them. */
    kind: string;
    failures: boolean;
    /** These three choose whole traces, because what an event caused belongs to it. */
    connection: string;
    user: string;
    event: string;
}

export const noFilter: Filter = { text: "", kind: "", failures: false, connection: "", user: "", event: "" };

export const isActive = (filter: Filter): boolean =>
    Object.values(filter).some((value) => value !== "" && value !== false);

type Test = (event: InspectEvent) => boolean;

const has = (value: string | number | undefined, wanted: string): boolean =>
    value !== undefined && String(value).toLowerCase().includes(wanted);

const searched = [
    "name",
    "kind",
    "message",
    "data",
    "user",
    "connection",
    "group",
    "hub",
    "service",
    "app",
    "url",
    "status",
    "code",
    "fix",
    "trace",
] as const;

/** Tests what an event itself must have. Undefined when every event has it. */
export function rowTest({ text, kind, failures }: Filter): Test | undefined {
    const words = text.toLowerCase().split(/\s+/).filter(Boolean);
    if (words.length === 0 && kind === "" && !failures) {
        return undefined;
    }
    return (event) =>
        (kind === "" || event.kind === kind) &&
        (!failures || isFailure(event)) &&
        words.every((word) => searched.some((field) => has(event[field], word)));
}

/** Tests what one event of the trace must have. Undefined when every trace has it. */
export function traceTest(filter: Filter): Test | undefined {
    const connection = filter.connection.trim().toLowerCase();
    const user = filter.user.trim().toLowerCase();
    const name = filter.event.trim().toLowerCase();
    if (connection === "" && user === "" && name === "") {
        return undefined;
    }
    return (event) =>
        (connection === "" || has(event.connection, connection)) &&
        (user === "" || has(event.user, user)) &&
        (name === "" || has(event.name, name));
}
