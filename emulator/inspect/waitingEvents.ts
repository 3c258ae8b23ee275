import type { InspectEvent } from "../core/inspect";
import { sizeOf } from "./store";

/** What a reader that does not read may make this process keep. */
export interface QueueLimits {
    events: number;
    bytes: number;
}

/** Events that wait for a reader, oldest first. An event that comes again takes the place of the one before. */
export class WaitingEvents {
    readonly #limits: QueueLimits;
    readonly #waiting = new Map<number, { event: InspectEvent; bytes: number }>();
    #bytes = 0;

    constructor(limits: QueueLimits) {
        this.#limits = limits;
    }

    get size(): number {
        return this.#waiting.size;
    }

    /** Adds an event. Beyond the limits the oldest ones go; returns how many. */
    add(event: InspectEvent): number {
        const bytes = sizeOf(event);
        this.#bytes += bytes - (this.#waiting.get(event.id)?.bytes ?? 0);
        this.#waiting.set(event.id, { event, bytes });
        let dropped = 0;
        for (const [id] of this.#waiting) {
            if (this.#waiting.size <= this.#limits.events && this.#bytes <= this.#limits.bytes) {
                break;
            }
            this.remove(id);
            dropped += 1;
        }
        return dropped;
    }

    remove(id: number): void {
        this.#bytes -= this.#waiting.get(id)?.bytes ?? 0;
        this.#waiting.delete(id);
    }

    /** The first events that are within the limits together, and at least one. */
    first(limits: QueueLimits): InspectEvent[] {
        const found: InspectEvent[] = [];
        let left = limits.bytes;
        for (const { event, bytes } of this.#waiting.values()) {
            if (found.length === limits.events || (found.length > 0 && left < 0)) {
                break;
            }
            found.push(event);
            left -= bytes;
        }
        return found;
    }

    *[Symbol.iterator](): Generator<InspectEvent> {
        for (const { event } of this.#waiting.values()) {
            yield event;
        }
    }
}
