import type { DialectName } from "../load/dialects";
import { alternate } from "../runner/statistics";
import type { Aim, Context } from "../runner/types";
import type { Usage } from "../runner/usage";
import { startWorker, type Worker } from "../runner/worker";
import type { Target } from "../workers/target";

interface Side {
    server: Worker;
    target: Target;
}

export interface Contest {
    dialect: DialectName;
    /** Names of workers. */
    ours: string;
    reference: string;
    /** Whether an inspector is open on ours. Defaults to false. */
    inspect?: boolean;
}

export interface Round<T> {
    clients: number;
    runs: number;
    warmUpMilliseconds: number;
    milliseconds: number;
    measure(side: { load: Worker; target: Target; milliseconds: number }): Promise<T & { count: number }>;
}

/** Many short rounds instead of few long ones, so that a disturbance of one pair hardly changes the median. */
export function timesOf({ quick }: Context): Pick<Round<unknown>, "runs" | "warmUpMilliseconds" | "milliseconds"> {
    return quick
        ? { runs: 1, warmUpMilliseconds: 20, milliseconds: 50 }
        : { runs: 5, warmUpMilliseconds: 150, milliseconds: 450 };
}

type Play = <T>(round: Round<T>) => Promise<{ ours: Measured<T>[]; reference: Measured<T>[] }>;

/** A measurement with the server's processor time per unit of work, in microseconds. */
type Measured<T> = T & { cpu: number };

/** Starts our server, the reference server, the handler and the clients, and ends them after `measure`, also after an error. */
export async function withContest<T>(options: Contest, measure: (play: Play) => Promise<T>): Promise<T> {
    const contest = await openContest(options);
    try {
        return await measure(contest.play);
    } finally {
        await contest.close();
    }
}

/** One line of a row: a number of clients that do the same thing on both servers. */
export interface Line {
    context: Context;
    play: Play;
    clients: number;
    what: string;
    aim: Aim;
}

/** Our server, the reference server, and one handler and one set of clients for both. Each is a separate process. */
async function openContest(options: Contest): Promise<{ play: Play; close(): Promise<void> }> {
    const handler = startWorker("handler");
    const load = startWorker("load");
    const address = handler.call<string>("open");
    const openSide = async (name: string, inspect: boolean): Promise<Side> => {
        const server = startWorker(name);
        return { server, target: await server.call("open", { handler: await address, inspect }) };
    };
    const [ours, reference] = await Promise.all([
        openSide(options.ours, options.inspect === true),
        openSide(options.reference, false),
    ]);

    async function playSide<T>(side: Side, round: Round<T>): Promise<Measured<T>> {
        const { server, target } = side;
        const atOnce = Math.min(round.clients, 20);
        const urls = Array<string>(round.clients).fill(target.url);
        await load.call("connect", { urls, dialect: options.dialect, atOnce });
        try {
            await round.measure({ load, target, milliseconds: round.warmUpMilliseconds });
            const before = await server.call<Usage>("usage", { collects: false });
            const measured = await round.measure({ load, target, milliseconds: round.milliseconds });
            const after = await server.call<Usage>("usage", { collects: false });
            return { ...measured, cpu: (after.cpu - before.cpu) / measured.count };
        } finally {
            await load.call("disconnect");
        }
    }

    return {
        async play(round) {
            // Warms up both servers, because newly started code is slow.
            for (const side of [ours, reference]) {
                await playSide(side, {
                    ...round,
                    clients: Math.max(round.clients, 10),
                    milliseconds: round.warmUpMilliseconds * 8,
                });
            }
            return alternate({
                runs: round.runs,
                ours: () => playSide(ours, round),
                reference: () => playSide(reference, round),
            });
        },
        async close() {
            const workers = [handler, load, ours.server, reference.server];
            await Promise.all(workers.map((worker) => worker.close()));
        },
    };
}
