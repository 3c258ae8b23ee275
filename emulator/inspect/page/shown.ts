import { type Filter, noFilter, rowTest, traceTest } from "./filter";
import type { Change, Store } from "./store";
import type { InspectEvent } from "./types";

type Test = (event: InspectEvent) => boolean;

/** An app's process tells late what its functions did, so ids do not follow the time. */
const compare = (a: InspectEvent, b: InspectEvent): number => a.start - b.start || a.id - b.id;

/** The events that the timeline shows: those of the store that pass the filter, or of the moment at which somebody paused. */
export class Shown {
    /** In the order of their starts. */
    events: InspectEvent[] = [];
    /** Events that arrived since the pause. */
    waiting = 0;
    filter: Filter = noFilter;
    readonly #store: Store;
    #frozen: InspectEvent[] | undefined;
    #row: Test | undefined;
    #trace: Test | undefined;
    /** Traces with an event that passes. */
    readonly #passed = new Set<string>();

    constructor(store: Store) {
        this.#store = store;
    }

    get paused(): boolean {
        return this.#frozen !== undefined;
    }

    pause(on: boolean): void {
        this.#frozen = on ? [...this.#store.events] : undefined;
        this.waiting = 0;
        this.refresh();
    }

    setFilter(filter: Filter): void {
        this.filter = filter;
        this.#row = rowTest(filter);
        this.#trace = traceTest(filter);
        this.refresh();
    }

    /** Chooses all events again. */
    refresh(): void {
        const all = this.#frozen ?? this.#store.events;
        this.#passed.clear();
        if (this.#trace !== undefined) {
            for (const event of all) {
                this.#notice(event);
            }
        }
        this.events = all.filter((event) => this.#passes(event)).sort(compare);
    }

    /** Takes over a change of the store. Returns how many events are new at the top. */
    apply({ added, replaced, dropped }: Change): number {
        if (this.#frozen !== undefined) {
            this.waiting += added.length;
            return 0;
        }
        const before = this.events.length;
        for (const event of this.#current(added)) {
            if (this.#notice(event)) {
                // The first event that passes brings the earlier ones of its trace with it.
                for (const sibling of this.#store.trace(event.trace)) {
                    this.#put(sibling);
                }
            } else {
                this.#put(event);
            }
        }
        const grown = this.events.length - before;
        for (const event of this.#current(replaced)) {
            this.#put(event);
        }
        if (dropped) {
            const oldest = this.#store.events[0]?.id ?? Number.POSITIVE_INFINITY;
            this.events = this.events.filter(({ id }) => id >= oldest);
            if (this.#passed.size > this.#store.limit) {
                this.refresh();
            }
        }
        return grown;
    }

    /** Place of an event, or the place that it would have. */
    indexOf(event: InspectEvent): number {
        let low = 0;
        let high = this.events.length;
        while (low < high) {
            const middle = (low + high) >> 1;
            if (compare(this.events[middle] as InspectEvent, event) < 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** The events as the store holds them now. Some may have ended or gone since the change. */
    #current(events: readonly InspectEvent[]): InspectEvent[] {
        return events.flatMap(({ id }) => this.#store.find(id) ?? []);
    }

    /** Adds, replaces or removes an event, as the filter wants. */
    #put(event: InspectEvent): void {
        const index = this.indexOf(event);
        const known = this.events[index]?.id === event.id;
        const passes = this.#passes(event);
        if (known || passes) {
            this.events.splice(index, known ? 1 : 0, ...(passes ? [event] : []));
        }
    }

    /** Returns whether the event is the first of its trace that passes. */
    #notice(event: InspectEvent): boolean {
        if (this.#trace === undefined || this.#passed.has(event.trace) || !this.#trace(event)) {
            return false;
        }
        this.#passed.add(event.trace);
        return true;
    }

    #passes(event: InspectEvent): boolean {
        return (this.#row?.(event) ?? true) && (this.#trace === undefined || this.#passed.has(event.trace));
    }
}
