import type { Clock } from "../core/clock";
import type { Connection } from "./connection";

export interface HeartbeatOptions {
    clock: Clock;
    connections(): Iterable<Connection>;
    /** A client that sends nothing for so many milliseconds counts as gone. */
    clientTimeout(): number;
    ping(connection: Connection): void;
    onSilent(connection: Connection): void;
}

/** Source: the keep-alive interval of the SignalR server. */
const pingInterval = 15_000;
/** Interval between checks of the connections. Source: the SignalR server's own heartbeat. */
const beat = 1000;

export interface Heartbeat {
    /** Starts the timer. It stops when the hub has no connection. */
    start(): void;
    stop(): void;
}

/** Pings clients that were sent nothing, and finds silent ones, with one timer for all clients of a hub. */
export function createHeartbeat(options: HeartbeatOptions): Heartbeat {
    let cancel: (() => void) | undefined;

    function tick(): void {
        cancel = undefined;
        const now = options.clock.elapsed();
        const timeout = options.clientTimeout();
        let isEmpty = true;
        for (const connection of options.connections()) {
            isEmpty = false;
            if (now - connection.lastReceived >= timeout) {
                options.onSilent(connection);
            } else if (now - connection.lastSent >= pingInterval) {
                options.ping(connection);
            }
        }
        if (!isEmpty) {
            start();
        }
    }

    function start(): void {
        cancel ??= options.clock.after(beat, tick);
    }

    return {
        start,
        stop() {
            cancel?.();
            cancel = undefined;
        },
    };
}
