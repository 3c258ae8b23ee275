/** Resolves once the condition holds. Checks it at every turn of the event loop. */
export async function until(condition: () => boolean, what: string): Promise<void> {
    const deadline = performance.now() + 5000;
    while (!condition()) {
        if (performance.now() > deadline) {
            throw new Error(`Waited 5 s for ${what}.`);
        }
        await new Promise((resolve) => setImmediate(resolve));
    }
}
