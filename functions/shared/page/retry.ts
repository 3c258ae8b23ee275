const longestWait = 30_000;

/** Waits longer after each failure in a row, up to half a minute. */
export function startBackoff() {
    let failures = 0;
    return {
        /** Milliseconds until the next attempt. */
        next: () => Math.min(longestWait, 1000 * 2 ** failures++),
        reset: () => {
            failures = 0;
        },
    };
}
