import { checkSignalREvent } from "../../../../../rules/triggers";
import { messageOf } from "../../../../core/errors";
import type { HostFunction, WebhookRequest } from "../extension";

/** The event of a trigger. */
export interface EventKey {
    hub: string;
    category: "connections" | "messages";
    event: string;
}

/** An event's source, from the headers of its request. */
export interface EventContext extends Omit<EventKey, "category"> {
    category: string;
    connectionId: string;
    userId: string | undefined;
    signature: string | undefined;
    headers: Record<string, string>;
    query: Record<string, string> | undefined;
    claims: Record<string, string> | undefined;
}

/** Key under which an event finds its function. Ignores case. */
export function keyText({ hub, category, event }: { hub: string; category: string; event: string }): string {
    return JSON.stringify([hub, category, event].map((part) => part.toLowerCase()));
}

/** Reads the event of a trigger. Throws when there is no such event. */
export function keyOfTrigger(options: { fn: HostFunction; resolve: (text: string) => string }): EventKey {
    const { fn, resolve } = options;
    const text = (name: string): string => {
        const value = fn.trigger[name];
        if (typeof value !== "string" || value === "") {
            throw new Error(`Function '${fn.name}': the signalRTrigger has no ${name}.`);
        }
        return resolve(value);
    };
    const key = { hub: text("hubName"), event: text("event") };
    const category = text("category");
    try {
        checkSignalREvent({ category, event: key.event });
    } catch (error) {
        throw new Error(`Function '${fn.name}': ${messageOf(error)}`);
    }
    return { ...key, category: category.toLowerCase() === "messages" ? "messages" : "connections" };
}

/** Reads the parameter names of a trigger. Throws when one occurs twice, ignoring case. */
export function parameterNamesOf({ name, trigger }: HostFunction): string[] {
    const given = Object.entries(trigger).find(([property]) => property.toLowerCase() === "parameternames")?.[1];
    const names = Array.isArray(given) ? given.map(String) : [];
    if (new Set(names.map((item) => item.toLowerCase())).size !== names.length) {
        throw new Error(`Function '${name}': Elements in ParameterNames should be ignore case unique.`);
    }
    return names;
}

/** Reads an event's headers; undefined when a required one is missing or empty. */
export function readContext({ headers }: Pick<WebhookRequest, "headers">): EventContext | undefined {
    const first = (name: string): string | undefined => headers[name]?.[0];
    const hub = first("x-asrs-hub");
    const category = first("x-asrs-category");
    const event = first("x-asrs-event");
    const connectionId = first("x-asrs-connection-id");
    if (!hub || !category || !event || !connectionId) {
        return undefined;
    }
    return {
        hub,
        category,
        event,
        connectionId,
        userId: first("x-asrs-user-id"),
        signature: headers["x-asrs-signature"]?.[0],
        query: parseQuery(first("x-asrs-client-query")),
        claims: parseClaims(first("x-asrs-user-claims")),
        headers: Object.fromEntries(
            Object.entries(headers)
                // .NET does not count the headers of the body among the headers of the request.
                .filter(([name]) => !name.startsWith("content-"))
                .map(([name, values]) => [shownName(name), values.join(",")]),
        ),
    };
}

function shownName(name: string): string {
    return name.replace(/(^|-)[a-z]/g, (start) => start.toUpperCase()).replace(/^X-Asrs-/, "X-ASRS-");
}

/** Parses `?k=v&k2=v2`. Joins the values of a repeated name with commas; names ignore case, and the first spelling counts. */
export function parseQuery(text: string | undefined): Record<string, string> | undefined {
    if (text === undefined || text === "") {
        return undefined;
    }
    const query = new Map<string, { name: string; values: string[] }>();
    for (const [name, value] of new URLSearchParams(text)) {
        const entry = query.get(name.toLowerCase()) ?? { name, values: [] };
        entry.values.push(value);
        query.set(name.toLowerCase(), entry);
    }
    return Object.fromEntries([...query.values()].map(({ name, values }) => [name, values.join(",")]));
}

/** Parses `type: value, type: value`. The first value of a type counts; items of another form are skipped. */
export function parseClaims(text: string | undefined): Record<string, string> | undefined {
    if (text === undefined || text === "") {
        return undefined;
    }
    const claims = new Map<string, string>();
    for (const item of text.split(",")) {
        const parts = item.split(": ").filter((part) => part !== "");
        const [name, value] = parts.map((part) => part.trim());
        if (parts.length === 2 && name !== undefined && value !== undefined && !claims.has(name)) {
            claims.set(name, value);
        }
    }
    return Object.fromEntries(claims);
}
