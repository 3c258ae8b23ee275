import type { RoundTrips } from "../load/roundTrips";
import { describePairs, median } from "../runner/statistics";
import type { Aim, Context, Result } from "../runner/types";
import { type openContest, type Round, timesOf } from "./contest";
import { cpuText } from "./fanOut";

type Play = Awaited<ReturnType<typeof openContest>>["play"];

/** Clients that ask, wait and ask again. */
export async function playRoundTrips(o: {
    context: Context;
    play: Play;
    clients: number;
    what: string;
    aim: Aim;
}): Promise<Result> {
    o.context.note(o.what);
    const round: Round<RoundTrips> = {
        clients: o.clients,
        ...timesOf(o.context),
        measure: ({ load, milliseconds }) => load.call("roundTrips", { milliseconds }),
    };
    const { ours, reference } = await o.play(round);
    const of = (side: readonly RoundTrips[], key: "p50" | "p99"): string =>
        median(side.map((run) => run[key])).toFixed(2);
    return describePairs({
        what: o.what,
        unit: "per second",
        ours: ours.map(({ perSecond }) => perSecond),
        reference: reference.map(({ perSecond }) => perSecond),
        aim: o.aim,
        detail: [
            `p50 ${of(ours, "p50")} : ${of(reference, "p50")} ms`,
            `p99 ${of(ours, "p99")} : ${of(reference, "p99")} ms`,
            cpuText({ ours, reference }),
        ].join(", "),
    });
}
