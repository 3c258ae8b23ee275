/** Memory and processor time of a server process so far. */
export interface Usage {
    /** Bytes of memory in use after a garbage collection. */
    memory: number;
    /** Microseconds of processor time. */
    cpu: number;
}

/** Reads the usage of this process, which must be started with `--expose-gc`. */
export function readUsage(): Usage {
    for (let time = 0; time < 3; time++) {
        global.gc?.();
    }
    const { user, system } = process.cpuUsage();
    return { memory: process.memoryUsage().rss, cpu: user + system };
}
