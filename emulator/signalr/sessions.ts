import type { Clock } from "../core/clock";
import { type Connection, newId } from "./connection";
import type { Hub } from "./hub";
import type { LongPolling } from "./transports/longPolling";

/** A connection from its negotiation on, which each request of its client names. */
export interface Session {
    /** What the client names it by, and nobody else knows. */
    token: string;
    connectionId: string;
    /** Set when the client has chosen how to connect. */
    connected?: { connection: Connection; hub: Hub; polling?: LongPolling };
    cancelExpiry(): void;
}

export interface Sessions {
    /** Before version 1 of the negotiation the connection id is all that a client knows. */
    create(options: { negotiateVersion: number }): Session;
    find(token: string): Session | undefined;
    remove(session: Session): void;
}

/** A client that has negotiated has to connect within this time. Source: the SignalR server's default. */
const connectWithin = 15_000;

export function createSessions(clock: Clock): Sessions {
    const sessions = new Map<string, Session>();

    function remove(session: Session): void {
        session.cancelExpiry();
        sessions.delete(session.token);
    }

    return {
        create({ negotiateVersion }) {
            const connectionId = newId();
            const session: Session = {
                connectionId,
                token: negotiateVersion > 0 ? newId() : connectionId,
                cancelExpiry: clock.after(connectWithin, () => remove(session)),
            };
            sessions.set(session.token, session);
            return session;
        },
        find: (token) => sessions.get(token),
        remove,
    };
}
