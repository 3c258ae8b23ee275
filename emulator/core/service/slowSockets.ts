import type { Duplex } from "node:stream";
import type { Clock } from "../clock";
import { guarded } from "../guard";

/** Delays both directions of WebSockets. A socket is untouched while there is no delay. */
export interface SlowSockets {
    add(socket: Duplex): void;
    /** Follows a change of the delay for all open sockets. */
    refresh(): void;
}

interface Held {
    /** What waits, oldest first, so that nothing overtakes. */
    queue: { at: number; run(): void }[];
    restore(): void;
}

export function createSlowSockets(options: { clock: Clock; delay(): number; sockets: Iterable<Duplex> }): SlowSockets {
    const { clock, delay } = options;
    const held = new WeakMap<Duplex, Held>();

    function hold(socket: Duplex): Held {
        const queue: Held["queue"] = [];
        const { write, end, emit } = socket;
        const later = (run: () => void): void => {
            queue.push({ at: clock.elapsed() + delay(), run });
            if (queue.length === 1) {
                schedule();
            }
        };
        const schedule = (): void => {
            const [first] = queue;
            if (first !== undefined) {
                clock.after(
                    Math.max(0, first.at - clock.elapsed()),
                    guarded(() => socket.destroy(), next),
                );
            }
        };
        const next = (): void => {
            const run = queue[0]?.run;
            if (!socket.destroyed) {
                run?.();
            }
            queue.shift();
            schedule();
            if (queue.length === 0 && delay() === 0) {
                found.restore();
            }
        };
        const found: Held = {
            queue,
            restore() {
                held.delete(socket);
                Object.assign(socket, { write, end, emit });
            },
        };
        Object.assign(socket, {
            write(...args: unknown[]) {
                later(() => Reflect.apply(write, socket, args));
                return true;
            },
            end(...args: unknown[]) {
                later(() => Reflect.apply(end, socket, args));
                return socket;
            },
            emit(name: string, ...args: unknown[]) {
                if (name === "data" || name === "end") {
                    later(() => Reflect.apply(emit, socket, [name, ...args]));
                    return true;
                }
                return Reflect.apply(emit, socket, [name, ...args]) as boolean;
            },
        });
        return found;
    }

    function add(socket: Duplex): void {
        if (delay() > 0 && !held.has(socket)) {
            held.set(socket, hold(socket));
        }
    }

    return {
        add,
        refresh() {
            for (const socket of options.sockets) {
                const found = held.get(socket);
                if (found === undefined) {
                    add(socket);
                } else if (delay() === 0 && found.queue.length === 0) {
                    found.restore();
                }
            }
        },
    };
}
