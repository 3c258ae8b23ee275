/** An event that reached a client. */
export interface Seen {
    event: string;
    args: unknown[];
}

export type Fits = (args: unknown[]) => boolean;

/** The events that reached one client, whichever library the client uses. */
export interface Inbox {
    /** Resolves with the arguments of the first unread event of this name, or else of the next one to arrive. */
    next(event: string, limits?: { fits?: Fits; milliseconds?: number }): Promise<unknown[]>;
    /** Whether such an event has arrived and is unread. */
    has(event: string, fits: Fits): boolean;
}

export interface InboxOptions {
    name: string;
    /** Longest wait for an answer. */
    milliseconds: number;
    onSeen(seen: Seen): void;
}

export function createInbox({
    name,
    milliseconds: patience,
    onSeen,
}: InboxOptions): Inbox & { see(event: string, ...args: unknown[]): void } {
    const unread: Seen[] = [];
    const waiting = new Set<(seen: Seen) => boolean>();
    return {
        see(event, ...args) {
            const seen = { event, args };
            onSeen(seen);
            for (const take of waiting) {
                if (!take(seen)) {
                    continue;
                }
                waiting.delete(take);
                return;
            }
            unread.push(seen);
        },
        next(event, { fits = () => true, milliseconds = patience } = {}) {
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
            return within({ work: arrived, what: `${name} got no "${event}"`, milliseconds });
        },
        has: (event, fits) => unread.some((seen) => seen.event === event && fits(seen.args)),
    };
}

/** Waits for `work` at most that long. `what` says in the error what did not happen. */
export async function within<T>({
    work,
    what,
    milliseconds,
}: {
    work: Promise<T>;
    what: string;
    milliseconds: number;
}): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
        timer = setTimeout(() => reject(new Error(`${what} within ${milliseconds / 1000} s`)), milliseconds);
    });
    try {
        return await Promise.race([work, late]);
    } finally {
        clearTimeout(timer);
    }
}
