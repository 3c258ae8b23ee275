/** Where a hub's events go. Same words as the resource's `eventHandlers`. */
export interface EventHandler {
    /** Absolute http or https URL; `{hub}` and `{event}` in path or query, and Key Vault references in braces. */
    urlTemplate: string;
    /** `*`, one name, or a comma-separated list. Defaults to no user event at all. */
    userEventPattern?: string;
    /** `connect`, `connected`, `disconnected`. Defaults to none of them. */
    systemEvents?: string[];
    auth?: { type?: "None" | "ManagedIdentity"; managedIdentity?: { resource?: string } };
}

export interface EventMatch {
    kind: "system" | "user";
    event: string;
}

/** A handler with its patterns ready to be compared. */
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

/** The first handler that wants the event; handlers are ordered, and case does not count. */
export function findHandler<H extends PreparedHandler>(handlers: readonly H[], match: EventMatch): H | undefined {
    return handlers.find((handler) => handler.matches(match));
}

function prepareUserPattern(pattern: string | undefined): (event: string) => boolean {
    const names = (pattern ?? "").split(",").map((name) => name.trim());
    if (names.includes("*")) {
        return () => true;
    }
    const expressions = names.filter((name) => name !== "").map(toExpression);
    return (event) => expressions.some((expression) => expression.test(event));
}

/** `*` stands for one part between dots, `**` for any number of them, `?` for one character that is not a dot. */
function toExpression(name: string): RegExp {
    const source = name.replace(/\*\*|\*|\?|[^*?]+/g, (part) => {
        switch (part) {
            case "**":
                return ".*";
            case "*":
                return "[^.]*";
            case "?":
                return "[^.]";
            default:
                return part.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
        }
    });
    return new RegExp(`^${source}$`, "is");
}
