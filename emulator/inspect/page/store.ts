import type { InspectEvent, InspectMessage, InspectState } from "./types";

export const mostEvents = 10_000;

export const noState: InspectState = { recording: false, services: [], connections: [], more: 0, apps: [], faults: [] };

export interface Change {
    added: InspectEvent[];
    /** Events that replaced one with the same id, because it ended. */
    replaced: InspectEvent[];
    /** Whether the oldest events had to go, or all of them. */
    dropped: boolean;
    state: boolean;
}

/** A "why" row always is one, and so is a log line at the level error. */
export const isFailure = ({ kind, outcome, level }: InspectEvent): boolean =>
    kind === "why" || outcome === "failed" || level === "error";

/** Index of the first event whose id is not below `id`. */
export function indexOfId(events: readonly InspectEvent[], id: number): number {
    let low = 0;
    let high = events.length;
    while (low < high) {
        const middle = (low + high) >> 1;
        if ((events[middle] as InspectEvent).id < id) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

/** The newest events in the order of their ids, joined by trace, and the last known state. */
export class Store {
    readonly events: InspectEvent[] = [];
    state = noState;
    stateKnown = false;
    failures = 0;
    /** How many events are missing, as far as that is known. */
    lost = 0;
    /** Whether more are missing than that. */
    lostMore = false;
    readonly #traces = new Map<string, InspectEvent[]>();
    #lastId = 0;

    constructor(readonly limit = mostEvents) {}

    get lastId(): number {
        return this.#lastId;
    }

    trace(trace: string): readonly InspectEvent[] {
        return this.#traces.get(trace) ?? [];
    }

    find(id: number): InspectEvent | undefined {
        const event = this.events[indexOfId(this.events, id)];
        return event?.id === id ? event : undefined;
    }

    apply(messages: readonly InspectMessage[]): Change {
        const change: Change = { added: [], replaced: [], dropped: false, state: false };
        for (const message of messages) {
            if (message.type === "event") {
                this.#take(message.event, change);
            } else if (message.type === "state") {
                this.state = message.state;
                this.stateKnown = true;
                change.state = true;
            } else if (message.type === "lost") {
                this.lost += message.count ?? 0;
                this.lostMore ||= message.count === undefined;
            }
        }
        this.#dropOldest(change);
        return change;
    }

    clear(): void {
        this.events.length = 0;
        this.#traces.clear();
        this.failures = 0;
        this.lost = 0;
        this.lostMore = false;
    }

    #take(event: InspectEvent, change: Change): void {
        if (event.id > this.#lastId) {
            this.#lastId = event.id;
            this.events.push(event);
            this.#join(event);
            change.added.push(event);
            this.failures += Number(isFailure(event));
            return;
        }
        const index = indexOfId(this.events, event.id);
        const before = this.events[index];
        // An event that was dropped or cleared may still end.
        if (before?.id !== event.id) {
            return;
        }
        this.events[index] = event;
        this.failures += Number(isFailure(event)) - Number(isFailure(before));
        const siblings = this.#traces.get(before.trace) ?? [];
        siblings[siblings.indexOf(before)] = event;
        const added = change.added.indexOf(before);
        if (added === -1) {
            change.replaced.push(event);
        } else {
            change.added[added] = event;
        }
    }

    #join(event: InspectEvent): void {
        const siblings = this.#traces.get(event.trace);
        if (siblings === undefined) {
            this.#traces.set(event.trace, [event]);
        } else {
            siblings.push(event);
        }
    }

    #dropOldest(change: Change): void {
        const excess = this.events.length - this.limit;
        if (excess <= 0) {
            return;
        }
        change.dropped = true;
        for (const event of this.events.splice(0, excess)) {
            this.failures -= Number(isFailure(event));
            const siblings = this.#traces.get(event.trace) ?? [];
            siblings.splice(siblings.indexOf(event), 1);
            if (siblings.length === 0) {
                this.#traces.delete(event.trace);
            }
        }
        const oldest = this.events[0]?.id ?? 0;
        change.added = change.added.filter(({ id }) => id >= oldest);
        change.replaced = change.replaced.filter(({ id }) => id >= oldest);
    }
}
