import type { EventKind, InspectEvent } from "../core/inspect";

type Part = Record<string, unknown>;

const kinds = new Set<unknown>(["http", "negotiate", "function", "log", "why"] satisfies EventKind[]);
const texts = ["name", "url", "data", "dataType", "message", "level", "fix", "code", "outcome", "parent"];
const numbers = ["duration", "status", "bytes"];
const longest = 16 * 1024;
const mostHeaders = 100;
const mostEvents = 5000;

/** Events of an app's process. The app's code shares the channel with the host, so only what the inspector knows is taken. */
export function readEvents(value: unknown): InspectEvent[] {
    return Array.isArray(value) ? value.slice(0, mostEvents).flatMap((item: unknown) => readEvent(item) ?? []) : [];
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
        Number.isFinite(start) &&
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
        if (Number.isFinite(given[name])) {
            event[name] = given[name];
        }
    }
    if (typeof headers === "object" && headers !== null) {
        event.headers = Object.fromEntries(
            Object.entries(headers)
                .slice(0, mostHeaders)
                .map(([name, text]) => [name.slice(0, 200), String(text).slice(0, 2000)]),
        );
    }
    return event as unknown as InspectEvent;
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
