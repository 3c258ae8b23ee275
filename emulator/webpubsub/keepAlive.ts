import { WebSocket } from "ws";
import type { Clock } from "../core/clock";
import type { Connection } from "./connection";

export interface KeepAliveOptions {
    clock: Clock;
    /** Milliseconds between pings. Read before each wait, because the hub's settings can change. */
    interval(): number;
    connections(): Iterable<Connection>;
    /** Called when a client could not be pinged. */
    fail(connection: Connection, error: unknown): void;
}

export interface KeepAlive {
    /** Starts the timer. It stops when the hub has no connection. */
    start(): void;
    stop(): void;
}

/** Pings all clients of a hub with one timer, and cuts off those that did not answer the previous ping. */
export function createKeepAlive(options: KeepAliveOptions): KeepAlive {
    let cancel: (() => void) | undefined;

    function tick(): void {
        cancel = undefined;
        for (const connection of options.connections()) {
            try {
                beat(connection);
            } catch (error) {
                options.fail(connection, error);
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

function beat(connection: Connection): void {
    const { socket } = connection;
    if (socket?.readyState !== WebSocket.OPEN) {
        return;
    }
    if (connection.alive) {
        connection.alive = false;
        socket.ping();
    } else {
        socket.terminate();
    }
}

function isEmpty(items: Iterable<unknown>): boolean {
    for (const _ of items) {
        return false;
    }
    return true;
}
