/** Milliseconds of the fastest of ten runs. The fastest one shows what the work costs; the others show how busy the machine is. */
export function fastest(run: () => unknown): number {
    let best = Number.POSITIVE_INFINITY;
    for (let count = 0; count < 10; count++) {
        const began = performance.now();
        run();
        best = Math.min(best, performance.now() - began);
    }
    return best;
}
