import { type Child, copyable, make } from "./dom";
import type { Filter } from "./filter";
import { formatBytes, formatData, formatDuration, formatTime, kindNames } from "./format";
import { isFailure } from "./store";
import type { InspectEvent } from "./types";
import { drawWaterfall } from "./waterfall";

export interface DetailHandlers {
    select(event: InspectEvent): void;
    filter(change: Partial<Filter>): void;
    close(): void;
}

/** The cause and what to change, for a row that says why something did not happen. */
export function drawWhy({ message, fix, name }: InspectEvent): HTMLElement {
    return make(
        "div.why",
        {},
        make("p", {}, make("b", {}, "Why not: "), message ?? name),
        fix === undefined ? undefined : make("p.fix", {}, make("b", {}, "Fix: "), copyable(fix)),
    );
}

function drawFields(event: InspectEvent, handlers: DetailHandlers): HTMLElement {
    const list = make("dl.fields");
    const add = (name: string, ...value: Child[]) => {
        list.append(make("dt", {}, name), make("dd", {}, ...value));
    };
    const chosen = (field: "connection" | "user" | "event", value: string) =>
        make(
            "button.link",
            { type: "button", title: `Show only this ${field}`, onclick: () => handlers.filter({ [field]: value }) },
            value,
        );
    add("kind", kindNames[event.kind]);
    add("started", formatTime(event.start));
    if (event.duration !== undefined) {
        add("took", formatDuration(event.duration));
    }
    if (event.status !== undefined || event.outcome !== undefined) {
        const text = [event.status, event.outcome].filter((value) => value !== undefined).join(" ");
        add("outcome", make("span", { "data-failed": isFailure(event) }, text));
    }
    if (event.count !== undefined) {
        add("reached", `${event.count.toLocaleString("en")} ${event.count === 1 ? "connection" : "connections"}`);
    }
    if (event.kind === "clientEvent") {
        add("event", chosen("event", event.name));
    }
    if (event.user !== undefined) {
        add("user", chosen("user", event.user));
    }
    if (event.connection !== undefined) {
        add("connection", chosen("connection", event.connection));
    }
    for (const field of ["service", "hub", "group", "app", "url"] as const) {
        if (event[field] !== undefined) {
            add(field, event[field]);
        }
    }
    if (event.bytes !== undefined) {
        add("size", formatBytes(event.bytes));
    }
    add("trace", copyable(event.trace));
    return list;
}

function drawHeaders({ headers = {} }: InspectEvent): HTMLElement | undefined {
    const entries = Object.entries(headers);
    if (entries.length === 0) {
        return undefined;
    }
    return make(
        "details",
        {},
        make("summary", {}, `Headers (${entries.length})`),
        make("dl.fields", {}, ...entries.flatMap(([name, value]) => [make("dt", {}, name), make("dd", {}, value)])),
    );
}

function drawData(event: InspectEvent): HTMLElement | undefined {
    if (event.data === undefined || event.data === "") {
        return undefined;
    }
    const title = event.dataType === "binary" ? "Payload (binary, as base64)" : "Payload";
    return make(
        "section",
        {},
        make("h3", {}, title),
        make("pre", { tabindex: 0, "aria-label": title }, formatData(event)),
    );
}

/** Draws one event, with the trace that it belongs to. */
export function drawDetail(options: {
    event: InspectEvent;
    trace: readonly InspectEvent[];
    handlers: DetailHandlers;
}): HTMLElement {
    const { event, trace, handlers } = options;
    const events = trace.some(({ id }) => id === event.id) ? trace : [...trace, event];
    const others = events.filter(({ id, kind }) => kind === "why" && id !== event.id);
    return make(
        "div.detail-body",
        {},
        make(
            "header.detail-head",
            { "data-kind": event.kind, "data-failed": isFailure(event) },
            make("i.dot"),
            make("h2", { title: event.name }, event.name),
            make("span.soft", {}, kindNames[event.kind]),
            make(
                "button.quiet.close",
                { type: "button", "aria-label": "Close the detail (Escape)", onclick: handlers.close },
                "✕",
            ),
        ),
        ...(event.kind === "why" ? [event] : others).map(drawWhy),
        event.kind !== "why" && event.message !== undefined
            ? make("p.message", { "data-failed": isFailure(event) }, event.message)
            : undefined,
        drawWaterfall({ events, selected: event, onSelect: handlers.select }),
        drawData(event),
        make("section", {}, make("h3", {}, "Event"), drawFields(event, handlers)),
        drawHeaders(event),
    );
}
