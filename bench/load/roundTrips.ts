import { quantile } from "../runner/statistics";
import type { Dialect } from "./dialects";
import type { RawSocket } from "./rawSocket";

export interface RoundTrips {
    perSecond: number;
    /** Milliseconds. */
    p50: number;
    p99: number;
    count: number;
}

/** Every client sends a request, waits for the answer and sends the next one, until the time is over. */
export async function measureRoundTrips(options: {
    clients: readonly RawSocket[];
    dialect: Dialect;
    milliseconds: number;
}): Promise<RoundTrips> {
    const latencies: number[] = [];
    const began = performance.now();
    const until = began + options.milliseconds;
    let id = 0;
    await Promise.all(
        options.clients.map(
            (client) =>
                new Promise<void>((resolve) => {
                    let asked = 0;
                    const ask = (): void => {
                        asked = performance.now();
                        client.send(options.dialect.ask(id++));
                    };
                    client.onFrame = (payload) => {
                        const reply = options.dialect.reply?.(payload);
                        if (reply !== undefined) {
                            client.send(reply);
                        } else if (options.dialect.isAnswer(payload)) {
                            const now = performance.now();
                            latencies.push(now - asked);
                            now < until ? ask() : resolve();
                        }
                    };
                    ask();
                }),
        ),
    );
    const seconds = (performance.now() - began) / 1000;
    return {
        perSecond: latencies.length / seconds,
        p50: quantile(latencies, 0.5),
        p99: quantile(latencies, 0.99),
        count: latencies.length,
    };
}
