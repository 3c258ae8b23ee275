/** One operation and the operations that must end before it starts. */
export interface Operation {
    id: string;
    name: string;
    type: string;
    /** Ids of those operations. */
    after: readonly string[];
    seconds: number;
}

export interface Scheduled extends Operation {
    start: number;
    end: number;
}

export interface Schedule {
    /** Seconds until the last operation ends. */
    seconds: number;
    /** The operations that determine this time, in order. Each one starts when the previous one ends. */
    chain: Scheduled[];
}

/**
 * Computes when each operation starts and ends, with at most `atOnce` of them running. The first operation that is ready
 * starts first, as in Pulumi's engine. An operation of 0 seconds does not count towards `atOnce`. Throws when operations
 * wait for each other in a circle.
 */
export function schedule(operations: readonly Operation[], options: { atOnce: number }): Schedule {
    const done = new Map<string, Scheduled>();
    const waiting = new Set(operations);
    let running: Scheduled[] = [];
    let now = 0;
    while (waiting.size > 0 || running.length > 0) {
        const isReady = ({ after }: Operation): boolean => after.every((id) => done.has(id));
        for (const operation of [...waiting].filter(isReady)) {
            if (operation.seconds === 0 || running.length < options.atOnce) {
                waiting.delete(operation);
                running.push({ ...operation, start: now, end: now + operation.seconds });
            }
        }
        if (running.length === 0) {
            throw new Error(`these wait for each other: ${[...waiting].map(({ name }) => name).join(", ")}`);
        }
        now = Math.min(...running.map(({ end }) => end));
        for (const ended of running.filter(({ end }) => end <= now)) {
            done.set(ended.id, ended);
        }
        running = running.filter(({ end }) => end > now);
    }
    return { seconds: now, chain: chainOf(done) };
}

/** Starts at the operation that ends last and goes back, each time to the latest operation that it waited for. */
function chainOf(done: ReadonlyMap<string, Scheduled>): Scheduled[] {
    const chain: Scheduled[] = [];
    let last = latest([...done.values()]);
    while (last !== undefined) {
        chain.unshift(last);
        last = latest(last.after.flatMap((id) => done.get(id) ?? []));
    }
    return chain;
}

function latest(operations: readonly Scheduled[]): Scheduled | undefined {
    return operations.reduce<Scheduled | undefined>(
        (found, one) => (found === undefined || one.end > found.end ? one : found),
        undefined,
    );
}

/** Number of operations in the longest chain, when all take equally long. Operations of 0 seconds do not count. */
export function longestChain(operations: readonly Operation[]): number {
    const same = operations.map((one) => ({ ...one, seconds: one.seconds === 0 ? 0 : 1 }));
    return schedule(same, { atOnce: Number.POSITIVE_INFINITY }).seconds;
}
