import { make } from "./dom";
import { answered, formatDuration, isRunning, kindNames, shownName } from "./format";
import { isFailure } from "./store";
import type { InspectEvent } from "./types";

export interface Step {
    event: InspectEvent;
    depth: number;
    /** Share of the trace's time before the step, and of the step itself: 0 to 1. */
    from: number;
    share: number;
    running: boolean;
}

/** Kinds whose events take time. All others happen at one moment. */
const lasting = new Set(["upstream", "function", "http", "rest", "clientEvent", "negotiate", "answer", "deployment"]);

/**
 * The step that caused another. A span of the app's own between them is recorded by nobody: then the step is the one that ran at the time,
 * or ran last, and that calls others.
 */
function causeOf(
    { parent, start }: InspectEvent,
    callers: readonly InspectEvent[],
    owners: ReadonlyMap<string, InspectEvent>,
): InspectEvent | undefined {
    if (parent === undefined) {
        return undefined;
    }
    const isOpen = ({ start: began, duration }: InspectEvent) => duration === undefined || began + duration >= start;
    return owners.get(parent) ?? callers.filter(isOpen).at(-1) ?? callers.at(-1);
}

/** The steps of one trace: each below the one that caused it, in the order in which they started. */
export function stepsOf(events: readonly InspectEvent[], now: number): { steps: Step[]; total: number } {
    const ordered = [...events].sort((a, b) => a.start - b.start || a.id - b.id);
    const first = ordered[0]?.start ?? 0;
    const endOf = (event: InspectEvent) =>
        isRunning(event) ? Math.max(now, event.start) : event.start + (event.duration ?? 0);
    const total = Math.max(...ordered.map((event) => endOf(event) - first), 0.1);
    // Events that happened at one moment may share the span of the step that they belong to.
    const owners = new Map<string, InspectEvent>();
    for (const event of ordered) {
        const owner = owners.get(event.span);
        if (owner === undefined || (!lasting.has(owner.kind) && lasting.has(event.kind))) {
            owners.set(event.span, event);
        }
    }
    const roots: InspectEvent[] = [];
    const children = new Map<InspectEvent, InspectEvent[]>();
    const callers: InspectEvent[] = [];
    for (const event of ordered) {
        const owner = owners.get(event.span);
        const parent = owner === event ? causeOf(event, callers, owners) : owner;
        if (answered.has(event.kind)) {
            callers.push(event);
        }
        if (parent === undefined || parent === event) {
            roots.push(event);
        } else {
            children.set(parent, [...(children.get(parent) ?? []), event]);
        }
    }
    const steps: Step[] = [];
    const seen = new Set<InspectEvent>();
    const visit = (event: InspectEvent, depth: number): void => {
        if (seen.has(event)) {
            return;
        }
        seen.add(event);
        const from = (event.start - first) / total;
        steps.push({ event, depth, from, share: (endOf(event) - event.start) / total, running: isRunning(event) });
        for (const child of children.get(event) ?? []) {
            visit(child, depth + 1);
        }
    };
    for (const root of roots) {
        visit(root, 0);
    }
    // Spans that name each other as parents have no root.
    for (const event of ordered) {
        visit(event, 0);
    }
    return { steps, total };
}

/** What tells a step from the others of its kind. */
function aboutOf(event: InspectEvent): string {
    const { kind, message, count, status } = event;
    const name = shownName(event);
    switch (kind) {
        case "log":
        case "why":
            return message ?? name;
        case "broadcast":
            return count === undefined ? name : `${name} → ${count}`;
        case "upstream":
            return status === undefined ? name : `${status} ${name}`;
        default:
            return name;
    }
}

const deepest = 6;
const mostSteps = 300;

/** Draws the steps of a trace as bars over its time. */
export function drawWaterfall(options: {
    events: readonly InspectEvent[];
    selected: InspectEvent;
    onSelect(event: InspectEvent): void;
}): HTMLElement {
    const { steps, total } = stepsOf(options.events, Date.now());
    const list = make("ol.steps", { "aria-label": "Steps of this trace" });
    for (const { event, depth, from, share, running } of steps.slice(0, mostSteps)) {
        const bar = make(`span.strip${!event.duration && !running ? ".moment" : ""}${running ? ".running" : ""}`);
        bar.style.left = `${from * 100}%`;
        bar.style.width = `${share * 100}%`;
        const label = make(
            "span.label",
            {},
            make("i.dot"),
            make("span.kind", {}, kindNames[event.kind]),
            make("span.name", {}, aboutOf(event)),
        );
        label.style.paddingInlineStart = `${Math.min(depth, deepest) * 0.8}rem`;
        const button = make(
            "button.step",
            {
                type: "button",
                "data-kind": event.kind,
                "data-failed": isFailure(event),
                "data-root": depth === 0,
                "aria-current": event.id === options.selected.id ? "true" : undefined,
                title: `${kindNames[event.kind]}: ${event.name}`,
                onclick: () => options.onSelect(event),
            },
            label,
            make("span.track", { "aria-hidden": "true" }, bar),
            make("span.took", {}, event.duration ? formatDuration(event.duration) : running ? "running" : ""),
        );
        list.append(make("li", {}, button));
    }
    const more = steps.length - mostSteps;
    return make(
        "section.waterfall",
        {},
        make(
            "header",
            {},
            make("h3", {}, "Trace"),
            make("span.soft", {}, `${steps.length} ${steps.length === 1 ? "step" : "steps"}, ${formatDuration(total)}`),
        ),
        list,
        more > 0 ? make("p.soft", {}, `${more} more steps are in the export.`) : undefined,
    );
}
