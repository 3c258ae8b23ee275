/** What a server process has used so far. */
export interface Usage {
    /** Bytes of memory in use, after collecting what is not. */
    memory: number;
    /** Microseconds of processor time. */
    cpu: number;
}

/** For workers that are started with `--expose-gc`. */
export function readUsage(): Usage {
    for (let time = 0; time < 3; time++) {
        global.gc?.();
    }
    const { user, system } = process.cpuUsage();
    return { memory: process.memoryUsage().rss, cpu: user + system };
}
