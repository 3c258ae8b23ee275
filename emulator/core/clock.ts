/** The emulator's time. Tests pass a clock that they move by hand, so retries and expiry need no waiting. */
export interface Clock {
    /** Milliseconds since the Unix epoch. */
    now(): number;
    /**
     * Milliseconds since some moment, for durations and waits: the time that has passed, also when somebody sets the clock of the machine.
     * `now` says what such a clock shows, for what is written down and for tokens.
     */
    elapsed(): number;
    /** Calls `callback` once after `milliseconds`. Returns a function that cancels the call. */
    after(milliseconds: number, callback: () => void): () => void;
}

export const systemClock: Clock = {
    now: Date.now,
    elapsed: () => performance.now(),
    after(milliseconds, callback) {
        const timer = setTimeout(callback, milliseconds);
        timer.unref();
        return () => clearTimeout(timer);
    },
};

/** When something was learned, and until when it is good, in milliseconds since the Unix epoch. */
export interface Validity {
    from: number;
    until: number;
}

/** Whether it is good now. What was learned in the future was learned before the clock was set back, and is learned again. */
export function isValid({ from, until }: Validity, now: number): boolean {
    return from <= now && now < until;
}

export function sleep(clock: Clock, milliseconds: number): Promise<void> {
    return new Promise((resolve) => clock.after(milliseconds, resolve));
}
