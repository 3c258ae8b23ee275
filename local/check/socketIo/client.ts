import { io, type Socket } from "socket.io-client";

export interface Seen {
    event: string;
    args: unknown[];
}

type Fits = (args: unknown[]) => boolean;

/** One real client: what reached it, and what it still waits for. */
export interface CheckClient {
    name: string;
    socket: Socket;
    /** Resolves with the arguments of the next event of this name, or of one that came and was not asked for yet. */
    next(event: string, o?: { fits?: Fits; milliseconds?: number }): Promise<unknown[]>;
    /** Whether such an event came and was not asked for yet. */
    has(event: string, fits: Fits): boolean;
    /** Sends an event and resolves with what the app acknowledged. */
    ask(event: string, ...args: unknown[]): Promise<unknown[]>;
    close(): void;
}

export interface ClientOptions {
    name: string;
    negotiateUrl: string;
    /** Defaults to the one that Socket.IO begins with: polling, then an upgrade. */
    transports?: ("polling" | "websocket")[];
    /** Defaults to `/`. */
    namespace?: string;
    query?: Record<string, string>;
    milliseconds: number;
    onSeen(seen: Seen): void;
}

/** Fails with words when nothing came in time. */
export async function within<T>(o: { work: Promise<T>; what: string; milliseconds: number }): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
        timer = setTimeout(() => reject(new Error(`${o.what} within ${o.milliseconds / 1000} s`)), o.milliseconds);
    });
    try {
        return await Promise.race([o.work, late]);
    } finally {
        clearTimeout(timer);
    }
}

interface Negotiation {
    endpoint: string;
    path: string;
    token: string;
}

async function negotiate({ negotiateUrl, name }: ClientOptions): Promise<Negotiation> {
    const url = new URL(negotiateUrl);
    url.searchParams.set("userId", name);
    const response = await fetch(url);
    if (!response.ok)
        throw new Error(`negotiation answers ${response.status}: ${(await response.text()).slice(0, 200)}`);
    return (await response.json()) as Negotiation;
}

/** Negotiates as the page does and opens a connection; whether it is accepted shows in its events. */
export async function openClient(o: ClientOptions): Promise<CheckClient> {
    const { endpoint, path, token } = await negotiate(o);
    const socket = io(new URL(o.namespace ?? "/", endpoint).href, {
        path,
        query: { ...o.query, access_token: token },
        reconnection: false,
        forceNew: true,
        ...(o.transports && { transports: o.transports }),
    });
    const unread: Seen[] = [];
    const waiting = new Set<(seen: Seen) => boolean>();
    const see = (event: string, args: unknown[]) => {
        const seen = { event, args };
        o.onSeen(seen);
        for (const take of waiting) {
            if (!take(seen)) continue;
            waiting.delete(take);
            return;
        }
        unread.push(seen);
    };
    socket.onAny((event: string, ...args: unknown[]) => see(event, args));
    socket.on("connect", () => see("connect", []));
    socket.on("connect_error", (error) => see("connect_error", [error.message]));
    socket.on("disconnect", (reason) => see("disconnect", [reason]));
    return {
        name: o.name,
        socket,
        next(event, { fits = () => true, milliseconds = o.milliseconds } = {}) {
            const matches = (seen: Seen) => seen.event === event && fits(seen.args);
            const index = unread.findIndex(matches);
            if (index >= 0) return Promise.resolve(unread.splice(index, 1)[0]?.args ?? []);
            const arrived = new Promise<unknown[]>((resolve) =>
                waiting.add((seen) => {
                    if (!matches(seen)) return false;
                    resolve(seen.args);
                    return true;
                }),
            );
            return within({ work: arrived, what: `${o.name} got no "${event}"`, milliseconds });
        },
        has: (event, fits) => unread.some((seen) => seen.event === event && fits(seen.args)),
        ask(event, ...args) {
            const answered = new Promise<unknown[]>((resolve) =>
                socket.emit(event, ...args, (...ack: unknown[]) => resolve(ack)),
            );
            return within({
                work: answered,
                what: `"${event}" of ${o.name} was not acknowledged`,
                milliseconds: o.milliseconds,
            });
        },
        close: () => void socket.disconnect(),
    };
}
