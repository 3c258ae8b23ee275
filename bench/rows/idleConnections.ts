import { alternate, describePairs } from "../runner/statistics";
import type { Row } from "../runner/types";
import type { Usage } from "../runner/usage";
import { withWorkers } from "../runner/worker";
import type { Target } from "../workers/target";
import { cpuText } from "./fanOut";

interface Idle {
    /** Bytes. */
    perConnection: number;
    acceptedPerSecond: number;
    /** The server's processor time for one connection, in microseconds. */
    cpu: number;
}

/** Opens connections to a fresh server and sends nothing on them. */
function fill(server: string, count: number): Promise<Idle> {
    return withWorkers([server, "load"], async (ours, load) => {
        await ours?.call<Target>("open", { handler: "http://127.0.0.1:9" });
        const connect = (urls: readonly string[] | undefined) =>
            load?.call<{ perSecond: number }>("connect", { urls, dialect: "socketio", atOnce: 50 });
        const urls = await ours?.call<string[]>("urls", count);
        // A few connections come first, so that one-time costs are not part of the measurement.
        await connect(urls?.slice(0, Math.ceil(count / 20)));
        const before = await ours?.call<Usage>("usage");
        const opened = await connect(urls);
        const after = await ours?.call<Usage>("usage");
        return {
            perConnection: ((after?.memory ?? 0) - (before?.memory ?? 0)) / count,
            acceptedPerSecond: opened?.perSecond ?? 0,
            cpu: ((after?.cpu ?? 0) - (before?.cpu ?? 0)) / count,
        };
    });
}

export const idleConnections: Row = {
    name: "idle-connections",
    title: "Socket.IO: idle connections",
    reference: "plain socket.io",
    async run(context) {
        const count = context.quick ? 100 : 2000;
        context.note(`${count} connections`);
        const { ours, reference } = await alternate({
            runs: context.quick ? 1 : 5,
            ours: () => fill("socketIoEmulator", count),
            reference: () => fill("socketIoPlain", count),
        });
        const pick = (key: keyof Idle, scale = 1) => ({
            ours: ours.map((run) => run[key] / scale),
            reference: reference.map((run) => run[key] / scale),
        });
        return {
            results: [
                describePairs({
                    what: `memory of one of ${count}`,
                    unit: "kB",
                    ...pick("perConnection", 1024),
                    aim: { atMost: 1.3 },
                }),
                describePairs({
                    what: "accepted",
                    unit: "per second",
                    ...pick("acceptedPerSecond"),
                    aim: { atLeast: 0.8 },
                    detail: `${cpuText({ ours, reference })}; ours checks a separate token for each client, the reference checks none`,
                }),
            ],
        };
    },
};
