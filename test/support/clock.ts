import type { Clock } from "../../emulator/core/clock";

interface Timer {
    at: number;
    callback: () => void;
}

/** A clock that moves only when a test advances it. */
export class FakeClock implements Clock {
    private time: number;
    /** By how much somebody has set the clock. */
    private shift = 0;
    private readonly timers = new Set<Timer>();

    constructor(start: number = Date.UTC(2026, 0, 1)) {
        this.time = start;
    }

    now(): number {
        return this.time + this.shift;
    }

    elapsed(): number {
        return this.time;
    }

    /** Sets the clock forward or back. No time passes. */
    set(milliseconds: number): void {
        this.shift += milliseconds;
    }

    after(milliseconds: number, callback: () => void): () => void {
        const timer = { at: this.time + Math.max(0, milliseconds), callback };
        this.timers.add(timer);
        return () => void this.timers.delete(timer);
    }

    /** Milliseconds until each pending timer, soonest first. */
    pending(): number[] {
        return [...this.timers].map((timer) => timer.at - this.time).sort((a, b) => a - b);
    }

    /** Moves time forward, runs the due timers in order, and lets promises settle after each step. */
    async advance(milliseconds: number): Promise<void> {
        const end = this.time + milliseconds;
        await settle();
        for (let due = this.nextDue(end); due !== undefined; due = this.nextDue(end)) {
            this.timers.delete(due);
            this.time = due.at;
            due.callback();
            await settle();
        }
        this.time = end;
        await settle();
    }

    /** Resolves once the condition holds. Turns the event loop without moving time, for work that uses a socket. */
    async waitFor(condition: () => boolean, what = "the condition"): Promise<void> {
        const deadline = performance.now() + 5000;
        while (!condition()) {
            if (performance.now() > deadline) {
                throw new Error(`Waited 5 s for ${what}. Timers pending: ${this.pending().join(", ") || "none"} ms.`);
            }
            await settle();
        }
    }

    /**
     * Lets the waits between attempts pass, at most 5 s each, until something is over. Time stands still while a socket is awaited:
     * otherwise the limit of a call would pass on a busy machine before the answer can come.
     */
    async passWaits(isOver: () => boolean): Promise<void> {
        const deadline = performance.now() + 10_000;
        while (!isOver()) {
            if (performance.now() > deadline) {
                throw new Error(`Waited 10 s. Timers pending: ${this.pending().join(", ") || "none"} ms.`);
            }
            const [next] = this.pending();
            await (next !== undefined && next <= 5000 ? this.advance(next) : settle());
        }
    }

    private nextDue(end: number): Timer | undefined {
        let next: Timer | undefined;
        for (const timer of this.timers) {
            if (timer.at <= end && (next === undefined || timer.at < next.at)) {
                next = timer;
            }
        }
        return next;
    }
}

function settle(): Promise<void> {
    return new Promise((resolve) => setImmediate(resolve));
}
