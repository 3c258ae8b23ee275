/** Time as the emulator sees it. Tests give one they move by hand, so that retries and expiry need no waiting. */
export interface Clock {
    /** Milliseconds since the Unix epoch. */
    now(): number;
    /** Calls `callback` once after `milliseconds`; the answer cancels it. */
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
