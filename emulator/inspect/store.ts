import { type Budget, type BudgetOptions, createBudget } from "../core/budget";
import { createFineClock } from "../core/fineClock";
import type { EventSink, InspectEvent } from "../core/inspect";

export interface StoreOptions {
    /** Milliseconds since the Unix epoch. Defaults to the system's time, with fractions. */
    now?: () => number;
    /** How much is recorded while very much happens. */
    budget?: BudgetOptions;
    /** Defaults to 10,000. */
    mostEvents?: number;
    /** Defaults to 32 MiB. */
    mostBytes?: number;
}

export type EventListener = (event: InspectEvent) => void;

interface Entry {
    event: InspectEvent;
    bytes: number;
}

const defaults = { mostEvents: 10_000, mostBytes: 32 * 1024 * 1024 };
/** What an event takes in memory besides its texts. */
const bare = 600;

/** The last events, bounded in number and in memory. Takes events only while somebody holds it open. */
export class EventStore implements EventSink {
    readonly now: () => number;
    readonly #entries = new Map<number, Entry>();
    /** The same entries in the order of their coming. A map finds its first entry slowly after many were deleted. */
    #order: (Entry | undefined)[] = [];
    #oldest = 0;
    readonly #listeners = new Set<EventListener>();
    readonly #watchers = new Set<(on: boolean) => void>();
    readonly #mostEvents: number;
    readonly #mostBytes: number;
    #bytes = 0;
    #newest = 0;
    #removed = 0;
    #holders = 0;
    #missed = 0;
    readonly #budget: Budget;

    constructor({ now = createFineClock(), mostEvents, mostBytes, budget }: StoreOptions = {}) {
        this.now = now;
        this.#budget = createBudget(budget);
        this.#mostEvents = mostEvents ?? defaults.mostEvents;
        this.#mostBytes = mostBytes ?? defaults.mostBytes;
    }

    get isOpen(): boolean {
        return this.#holders > 0;
    }

    get on(): boolean {
        if (this.#holders === 0) {
            return false;
        }
        const has = this.#budget.hasLeft();
        this.#missed += has ? 0 : 1;
        return has;
    }

    /** How many times something was not recorded, because too much happened. */
    get missed(): number {
        return this.#missed;
    }

    get bytes(): number {
        return this.#bytes;
    }

    get size(): number {
        return this.#entries.size;
    }

    /** Records from now on, until the result is called. */
    hold(): () => void {
        this.#holders += 1;
        this.#tell();
        let isHeld = true;
        return () => {
            if (isHeld) {
                isHeld = false;
                this.#holders -= 1;
                this.#tell();
            }
        };
    }

    /** Calls back when recording begins or ends. */
    watch(watcher: (on: boolean) => void): () => void {
        this.#watchers.add(watcher);
        return () => void this.#watchers.delete(watcher);
    }

    put(event: InspectEvent): void {
        if (!this.isOpen) {
            return;
        }
        const known = this.#entries.get(event.id);
        if (known !== undefined || event.id > this.#newest) {
            this.#newest = Math.max(this.#newest, event.id);
            const bytes = sizeOf(event);
            this.#bytes += bytes - (known?.bytes ?? 0);
            if (known === undefined) {
                const entry = { event, bytes };
                this.#entries.set(event.id, entry);
                this.#order.push(entry);
                if (event.parent === undefined) {
                    this.#budget.take();
                }
            } else {
                known.event = event;
                known.bytes = bytes;
            }
            this.#shrink();
        }
        for (const listener of this.#listeners) {
            listener(event);
        }
    }

    /** Calls back with each event, and again when it has ended. */
    listen(listener: EventListener): () => void {
        this.#listeners.add(listener);
        return () => void this.#listeners.delete(listener);
    }

    /** The events after this one, and whether some of them are gone. */
    after(id: number): { events: InspectEvent[]; lost: boolean } {
        const events: InspectEvent[] = [];
        for (const { event } of this.#entries.values()) {
            if (event.id > id) {
                events.push(event);
            }
        }
        return { events, lost: id > 0 && this.#removed > id };
    }

    #tell(): void {
        for (const watcher of this.#watchers) {
            watcher(this.isOpen);
        }
    }

    #shrink(): void {
        while (this.#entries.size > this.#mostEvents || this.#bytes > this.#mostBytes) {
            const { event, bytes } = this.#order[this.#oldest] as Entry;
            this.#order[this.#oldest] = undefined;
            this.#oldest += 1;
            this.#entries.delete(event.id);
            this.#bytes -= bytes;
            this.#removed = event.id;
        }
        if (this.#oldest > this.#mostEvents) {
            this.#order = this.#order.slice(this.#oldest);
            this.#oldest = 0;
        }
    }
}

/** About how many bytes of memory an event takes. */
export function sizeOf(event: InspectEvent): number {
    const { name, url, data, message, fix, group, user, headers } = event;
    let characters = name.length + lengthOf(url) + lengthOf(data) + lengthOf(message) + lengthOf(fix);
    characters += lengthOf(group) + lengthOf(user);
    for (const [header, value] of headers === undefined ? [] : Object.entries(headers)) {
        characters += header.length + String(value).length;
    }
    return bare + 2 * characters;
}

function lengthOf(text: string | undefined): number {
    return text === undefined ? 0 : text.length;
}
