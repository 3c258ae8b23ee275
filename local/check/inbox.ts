export interface Seen {
    event: string;
    args: unknown[];
}

export type Fits = (args: unknown[]) => boolean;

/** One real client, whatever it is made of: what reached it, and what it still waits for. */
export interface Inbox {
    /** Resolves with the arguments of the next event of this name, or of one that came and was not asked for yet. */
    next(event: string, options?: { fits?: Fits; milliseconds?: number }): Promise<unknown[]>;
    /** Whether such an event came and was not asked for yet. */
    has(event: string, fits: Fits): boolean;
}

export interface InboxOptions {
    name: string;
    /** How long an answer may take. */
    milliseconds: number;
    onSeen(seen: Seen): void;
}

export function createInbox(options: InboxOptions): Inbox & { see(event: string, ...args: unknown[]): void } {
    const unread: Seen[] = [];
    const waiting = new Set<(seen: Seen) => boolean>();
    return {
        see(event, ...args) {
            const seen = { event, args };
            options.onSeen(seen);
            for (const take of waiting) {
                if (!take(seen)) {
                    continue;
                }
                waiting.delete(take);
                return;
            }
            unread.push(seen);
        },
        next(event, { fits = () => true, milliseconds = options.milliseconds } = {}) {
            const matches = (seen: Seen) => seen.event === event && fits(seen.args);
            const index = unread.findIndex(matches);
            if (index >= 0) {
                return Promise.resolve(unread.splice(index, 1)[0]?.args ?? []);
            }
            const arrived = new Promise<unknown[]>((resolve) =>
                waiting.add((seen) => {
                    if (!matches(seen)) {
                        return false;
                    }
                    resolve(seen.args);
                    return true;
                }),
            );
            return within({ work: arrived, what: `${options.name} got no "${event}"`, milliseconds });
        },
        has: (event, fits) => unread.some((seen) => seen.event === event && fits(seen.args)),
    };
}

/** Fails with words when nothing came in time. */
export async function within<T>(options: { work: Promise<T>; what: string; milliseconds: number }): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
        timer = setTimeout(
            () => reject(new Error(`${options.what} within ${options.milliseconds / 1000} s`)),
            options.milliseconds,
        );
    });
    try {
        return await Promise.race([options.work, late]);
    } finally {
        clearTimeout(timer);
    }
}
