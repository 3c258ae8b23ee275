/** One operation, and what has to be there before it. */
export interface Operation {
    id: string;
    name: string;
    type: string;
    /** Ids. */
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
    /** From the first to the last: each one starts when the one before it has ended. */
    chain: Scheduled[];
}

/**
 * When each operation starts and ends when at most so many run at a time: whichever is ready first starts first, as
 * Pulumi's engine does it. An operation of no time takes no place. Throws when operations wait for each other in a circle.
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

/** From the operation that ends last back over what each one waited for longest. */
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

/** Operations of the longest chain when each one is as long as any other; those of no time are not counted. */
export function longestChain(operations: readonly Operation[]): number {
    const same = operations.map((one) => ({ ...one, seconds: one.seconds === 0 ? 0 : 1 }));
    return schedule(same, { atOnce: Number.POSITIVE_INFINITY }).seconds;
}
