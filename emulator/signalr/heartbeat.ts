import type { Clock } from "../core/clock";
import type { Connection } from "./connection";

export interface HeartbeatOptions {
    clock: Clock;
    connections(): Iterable<Connection>;
    /** Milliseconds without a word from a client after which it is gone. */
    clientTimeout(): number;
    ping(connection: Connection): void;
    onSilent(connection: Connection): void;
}

/** Source: the keep-alive interval of the SignalR server. */
const pingInterval = 15_000;
/** How often connections are looked at. Source: the SignalR server's own heartbeat. */
const beat = 1000;

/** Pings clients that nothing was sent to, and finds those that went silent, with one timer for a hub. */
export function createHeartbeat(options: HeartbeatOptions): { start(): void; stop(): void } {
    let cancel: (() => void) | undefined;

    function tick(): void {
        cancel = undefined;
        const now = options.clock.now();
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
