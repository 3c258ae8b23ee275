/** The emulator's time. Tests pass a clock that they move by hand, so retries and expiry need no waiting. */
export interface Clock {
    /** Milliseconds since the Unix epoch. */
    now(): number;
    /** Calls `callback` once after `milliseconds`. Returns a function that cancels the call. */
    after(milliseconds: number, callback: () => void): () => void;
}

export const systemClock: Clock = {
    now: Date.now,
    after(milliseconds, callback) {
        const timer = setTimeout(callback, milliseconds);
        timer.unref();
        return () => clearTimeout(timer);
    },
};

export function sleep(clock: Clock, milliseconds: number): Promise<void> {
    return new Promise((resolve) => clock.after(milliseconds, resolve));
}
