/** Milliseconds by which the fine time may be off before it follows the system's time again. */
const tolerance = 3;

/**
 * Makes a clock with fractions of milliseconds. It follows the system's time, because the fine counter stops while a machine sleeps.
 */
export function createFineClock(): () => number {
    let origin = performance.timeOrigin;
    return () => {
        const elapsed = performance.now();
        const time = Date.now();
        if (Math.abs(origin + elapsed - time) > tolerance) {
            origin = time - elapsed;
        }
        return origin + elapsed;
    };
}
