import { maxQueuedBytes } from "./outbound";

/** Bytes of one client's events that wait for their handler. */
export interface Held {
    bytes: number;
}

interface Work {
    cost: number;
    run(): Promise<void>;
    onFailure(error: unknown): void;
}

/** What an event takes besides its own bytes, so that many small ones count too. */
const overhead = 1024;

/** A client sends events faster than its handler takes them. */
export class EventsWaitError extends Error {
    override readonly name = "EventsWaitError";

    constructor() {
        super(`more than ${maxQueuedBytes / 1024 ** 2} MiB of its events wait for their event handler`);
    }
}

/**
 * Delivers a client's events one after the other. A handler may take minutes for one, and the client goes on sending, so what waits is limited as
 * what the service sends to a client. Azure's own limit is not published.
 */
export class EventQueue {
    readonly #held: Held;
    #waiting: Work[] = [];
    #running: Promise<void> | undefined;

    /** Queues of one client share `held`. */
    constructor(held: Held = { bytes: 0 }) {
        this.#held = held;
    }

    /** Runs after all that was added before. Throws `EventsWaitError` when too much waits. An event of the service itself has 0 bytes and is always taken. */
    add(run: () => Promise<void>, { bytes, onFailure }: { bytes: number; onFailure(error: unknown): void }): void {
        const cost = bytes === 0 ? 0 : bytes + overhead;
        if (cost > 0 && this.#held.bytes + cost > maxQueuedBytes) {
            throw new EventsWaitError();
        }
        this.#held.bytes += cost;
        this.#waiting.push({ cost, run, onFailure });
        this.#running ??= Promise.resolve().then(() => this.#runAll());
    }

    /** Lets the client's events run at once, because the client is gone: they see so and end. What runs already goes on. */
    abandon(): void {
        const waiting = this.#waiting;
        this.#waiting = waiting.filter(({ cost }) => cost === 0);
        for (const { cost, run, onFailure } of waiting.filter((work) => work.cost > 0)) {
            this.#held.bytes -= cost;
            run().catch(onFailure);
        }
    }

    /** Resolves when all that was added has run. */
    settled(): Promise<void> {
        return this.#running ?? Promise.resolve();
    }

    async #runAll(): Promise<void> {
        for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
            try {
                await next.run();
            } catch (error) {
                next.onFailure(error);
            }
            this.#held.bytes -= next.cost;
        }
        this.#running = undefined;
    }
}
