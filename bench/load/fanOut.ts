import { Agent, request } from "undici";
import type { Dialect } from "./dialects";
import type { RawSocket } from "./rawSocket";

/** A call that makes the server send one message to everyone. */
export interface SendCall {
    url: string;
    headers: Record<string, string>;
    body: string;
}

export interface FanOut {
    /** Messages that all clients together received. */
    perSecond: number;
    count: number;
}

/** Sends message after message to all clients until the time is over. At most two messages are under way at once. */
export async function measureFanOut(options: {
    clients: readonly RawSocket[];
    dialect: Dialect;
    milliseconds: number;
    /** Sends a message to all clients. Without a call, the first client broadcasts. */
    call?: SendCall;
}): Promise<FanOut> {
    const { clients, dialect, call } = options;
    const agent = new Agent({ connections: 2 });
    let received = 0;
    let sent = 0;
    let waiting: { count: number; resolve(): void } | undefined;
    for (const client of clients) {
        client.onFrame = (payload) => {
            if (dialect.isDelivery(payload)) {
                received++;
                if (waiting !== undefined && received >= waiting.count) {
                    waiting.resolve();
                }
            } else {
                const reply = dialect.reply?.(payload);
                reply !== undefined && client.send(reply);
            }
        };
    }
    const arrived = (count: number): Promise<void> =>
        received >= count
            ? Promise.resolve()
            : new Promise((resolve) => {
                  waiting = { count, resolve };
              });

    async function post(given: SendCall): Promise<void> {
        const { statusCode, body } = await request(given.url, {
            method: "POST",
            headers: given.headers,
            body: given.body,
            dispatcher: agent,
        });
        const text = await body.text();
        if (statusCode >= 300) {
            throw new Error(`the call to send was answered ${statusCode}: ${text}`);
        }
    }

    const began = performance.now();
    const until = began + options.milliseconds;
    let failed: unknown;
    while (performance.now() < until && failed === undefined) {
        sent++;
        if (call === undefined) {
            clients[0]?.send(dialect.broadcast ?? "");
        } else {
            post(call).catch((error: unknown) => {
                failed = error;
                waiting?.resolve();
            });
        }
        await arrived((sent - 1) * clients.length);
    }
    if (failed !== undefined) {
        throw failed;
    }
    await arrived(sent * clients.length);
    const seconds = (performance.now() - began) / 1000;
    await agent.close();
    return { perSecond: received / seconds, count: received };
}
