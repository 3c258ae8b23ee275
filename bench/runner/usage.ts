/** Memory and processor time of a server process so far. */
export interface Usage {
    /** Bytes of memory in use after a garbage collection. */
    memory: number;
    /** Microseconds of processor time. */
    cpu: number;
}

/** Reads the usage of this process, which must be started with `--expose-gc`. To collect garbage takes processor time, so who compares that does not ask for it. */
export function readUsage({ collects = true }: { collects?: boolean } = {}): Usage {
    for (let time = 0; collects && time < 3; time++) {
        global.gc?.();
    }
    const { user, system } = process.cpuUsage();
    return { memory: process.memoryUsage().rss, cpu: user + system };
}
