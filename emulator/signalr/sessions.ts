import type { Clock } from "../core/clock";
import { type Connection, newId } from "./connection";
import type { Hub } from "./hub";
import type { LongPolling } from "./transports/longPolling";

/** A connection since its negotiation. Each request of its client names it. */
export interface Session {
    /** Secret by which the client names its session. */
    token: string;
    connectionId: string;
    /** Set when the client has opened a transport. */
    connected?: { connection: Connection; hub: Hub; polling?: LongPolling };
    cancelExpiry(): void;
}

export interface Sessions {
    /** In version 0 of the negotiation, the connection id is also the token. */
    create(options: { negotiateVersion: number }): Session;
    find(token: string): Session | undefined;
    remove(session: Session): void;
}

/** A client must connect within this time after its negotiation. Source: the SignalR server's default. */
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
