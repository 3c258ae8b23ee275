import { compileWildcards, type WildcardPart } from "../wildcards";

/** A receiver of a hub's events, in the words of the resource's `eventHandlers`. */
export interface EventHandler {
    /** Absolute http or https URL; `{hub}` and `{event}` in path or query, and Key Vault references in braces. */
    urlTemplate: string;
    /** `*`, one name, or a comma-separated list. Defaults to no user event. */
    userEventPattern?: string;
    /** Any of `connect`, `connected`, `disconnected`. Defaults to none. */
    systemEvents?: string[];
    auth?: { type?: "None" | "ManagedIdentity"; managedIdentity?: { resource?: string } };
}

export interface EventMatch {
    kind: "system" | "user";
    event: string;
}

/** A handler with its patterns compiled. */
export interface PreparedHandler {
    handler: EventHandler;
    matches(match: EventMatch): boolean;
}

export function prepareHandler(handler: EventHandler): PreparedHandler {
    const systemEvents = new Set((handler.systemEvents ?? []).map((event) => event.toLowerCase()));
    const userEvents = prepareUserPattern(handler.userEventPattern);
    return {
        handler,
        matches: ({ kind, event }) => (kind === "system" ? systemEvents.has(event.toLowerCase()) : userEvents(event)),
    };
}

/** Finds the first handler that takes the event. Ignores case. */
export function findHandler<H extends PreparedHandler>(handlers: readonly H[], match: EventMatch): H | undefined {
    return handlers.find((handler) => handler.matches(match));
}

/** Reports a system event that no handler lists, once for each event: a function for it would never run, without any error. */
export function createUnlistedNotice(report: (message: string) => void): (event: string) => void {
    const reported = new Set<string>();
    return (event) => {
        if (reported.has(event)) {
            return;
        }
        reported.add(event);
        const effect = event === "connect" ? ", and every client is let in" : "";
        report(`event '${event}' is in no handler's systemEvents, so no function hears of it${effect}.`);
    };
}

function prepareUserPattern(pattern: string | undefined): (event: string) => boolean {
    const names = (pattern ?? "").split(",").map((name) => name.trim());
    if (names.includes("*")) {
        return () => true;
    }
    const matchers = names.filter((name) => name !== "").map(toMatcher);
    return (event) => matchers.some((matches) => matches(event));
}

/** `*` matches one part between dots, `**` any number of parts, `?` one character that is not a dot. */
function toMatcher(name: string): (event: string) => boolean {
    const parts: string[] = name.match(/\*\*|\*|\?|[^*?]+/g) ?? [];
    return compileWildcards(
        parts.map((part): WildcardPart => {
            switch (part) {
                case "**":
                    return { kind: "any" };
                case "*":
                    return { kind: "part" };
                case "?":
                    return { kind: "one" };
                default:
                    return { kind: "literal", text: part };
            }
        }),
        { ignoreCase: true },
    );
}
