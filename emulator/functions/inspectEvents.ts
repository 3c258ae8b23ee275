import type { EventKind, InspectEvent } from "../core/inspect";

type Part = Record<string, unknown>;

const kinds = new Set<unknown>(["http", "negotiate", "function", "log", "why"] satisfies EventKind[]);
const texts = ["name", "url", "data", "dataType", "message", "level", "fix", "code", "outcome", "parent"];
const numbers = ["duration", "status", "bytes"];
const longest = 16 * 1024;
const mostHeaders = 100;
const mostEvents = 5000;
const mostInMessage = 200;
/** The last time that a date can have. Source: ECMAScript, Time Values and Time Range. */
const latestTime = 8.64e15;

/** Events of an app's process. The app's code shares the channel with the host, so only what the inspector knows is taken. */
export function readEvents(value: unknown): InspectEvent[] {
    return Array.isArray(value) ? value.slice(0, mostEvents).flatMap((item: unknown) => readEvent(item) ?? []) : [];
}

/** Events in lists that are small enough for a message each, whatever the app's functions log. The texts have the length that is read. */
export function inMessages(events: readonly InspectEvent[]): InspectEvent[][] {
    const messages: InspectEvent[][] = [];
    for (let at = 0; at < events.length; at += mostInMessage) {
        messages.push(events.slice(at, at + mostInMessage).map(withShortTexts));
    }
    return messages;
}

function withShortTexts(event: InspectEvent): InspectEvent {
    const short = { ...event } as unknown as Part;
    for (const name of texts) {
        const text = short[name];
        if (typeof text === "string" && text.length > longest) {
            short[name] = text.slice(0, longest);
        }
    }
    return short as unknown as InspectEvent;
}

function readEvent(value: unknown): InspectEvent | undefined {
    if (typeof value !== "object" || value === null) {
        return undefined;
    }
    const given = value as Part;
    const { id, trace, span, kind, start, headers } = given;
    const isValid =
        Number.isSafeInteger(id) &&
        kinds.has(kind) &&
        isHex(trace, 32) &&
        isHex(span, 16) &&
        isTime(start) &&
        typeof given.name === "string";
    if (!isValid) {
        return undefined;
    }
    const event: Part = { id, trace, span, kind, start };
    for (const name of texts) {
        const text = given[name];
        if (typeof text === "string") {
            event[name] = text.slice(0, longest);
        }
    }
    for (const name of numbers) {
        if (isTime(given[name])) {
            event[name] = given[name];
        }
    }
    if (typeof headers === "object" && headers !== null) {
        event.headers = Object.fromEntries(
            Object.entries(headers)
                .slice(0, mostHeaders)
                .map(([name, value]) => [name.slice(0, 200), headerText(value).slice(0, 2000)]),
        );
    }
    return event as unknown as InspectEvent;
}

/** A value of Node's headers. What else an app puts there has no text, and may even have none that it can be turned into. */
function headerText(value: unknown): string {
    const values: unknown[] = Array.isArray(value) ? value : [value];
    return values.filter((item) => typeof item === "string").join(", ");
}

/** Whether a number can be a time, a duration or a count. A viewer cannot read larger ones, and would refuse all that comes with them. */
function isTime(value: unknown): boolean {
    return typeof value === "number" && value >= 0 && value <= latestTime;
}

function isHex(value: unknown, length: number): boolean {
    return typeof value === "string" && value.length === length && /^[\da-f]+$/.test(value);
}

/** Gives events of another process ids of this one. A second message about an event keeps the first one's id. */
export function createRenumbering(next: () => number): (event: InspectEvent) => InspectEvent {
    const running = new Map<number, number>();
    return (event) => {
        const id = running.get(event.id) ?? next();
        if (event.duration === undefined && running.size < mostEvents) {
            running.set(event.id, id);
        } else {
            running.delete(event.id);
        }
        return { ...event, id };
    };
}
