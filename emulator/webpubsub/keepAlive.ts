import { WebSocket } from "ws";
import type { Clock } from "../core/clock";
import type { Connection } from "./connection";

export interface KeepAliveOptions {
    clock: Clock;
    /** Milliseconds between pings, as the hub says now. */
    interval(): number;
    connections(): Iterable<Connection>;
}

/** Pings every client of a hub with one timer, and cuts off those that did not answer the ping before. */
export function createKeepAlive(options: KeepAliveOptions): { start(): void; stop(): void } {
    let cancel: (() => void) | undefined;

    function tick(): void {
        cancel = undefined;
        for (const connection of options.connections()) {
            const { socket } = connection;
            if (socket?.readyState === WebSocket.OPEN) {
                if (connection.alive) {
                    connection.alive = false;
                    socket.ping();
                } else {
                    socket.terminate();
                }
            }
        }
        start();
    }

    function start(): void {
        if (isEmpty(options.connections())) {
            return;
        }
        cancel ??= options.clock.after(options.interval(), tick);
    }

    return {
        start,
        stop() {
            cancel?.();
            cancel = undefined;
        },
    };
}

function isEmpty(items: Iterable<unknown>): boolean {
    for (const _ of items) {
        return false;
    }
    return true;
}
