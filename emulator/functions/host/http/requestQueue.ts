/** Runs function calls, not more than `running` at a time and not more than `held` together with those that wait. */
export interface RequestQueue {
    /** Runs the work when there is room. Resolves with false, and does not run it, when too many calls are held already. */
    run(work: () => Promise<void>): Promise<boolean>;
}

/** Limits that are left out are none. Source: azure-functions-host, HttpRequestQueue.cs. */
export function createRequestQueue(limits: { running?: number | undefined; held?: number | undefined }): RequestQueue {
    const { running: most = Number.POSITIVE_INFINITY, held = Number.POSITIVE_INFINITY } = limits;
    const waiting: (() => void)[] = [];
    let running = 0;
    return {
        async run(work) {
            if (running + waiting.length >= held) {
                return false;
            }
            if (running >= most) {
                await new Promise<void>((resolve) => {
                    waiting.push(resolve);
                });
            } else {
                running += 1;
            }
            try {
                await work();
            } finally {
                const next = waiting.shift();
                // The next call takes over this one's place.
                if (next === undefined) {
                    running -= 1;
                } else {
                    next();
                }
            }
            return true;
        },
    };
}
