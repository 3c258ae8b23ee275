import type { RoundTrips } from "../load/roundTrips";
import { describePairs, median } from "../runner/statistics";
import type { Result } from "../runner/types";
import { type Line, type Round, timesOf } from "./contest";
import { cpuText } from "./fanOut";

/** Measures how many requests per second the clients get answered, each with one request at a time. */
export async function playRoundTrips(options: Line): Promise<Result> {
    options.context.note(options.what);
    const round: Round<RoundTrips> = {
        clients: options.clients,
        ...timesOf(options.context),
        measure: ({ load, milliseconds }) => load.call("roundTrips", { milliseconds }),
    };
    const { ours, reference } = await options.play(round);
    const of = (side: readonly RoundTrips[], key: "p50" | "p99"): string =>
        median(side.map((run) => run[key])).toFixed(2);
    return describePairs({
        what: options.what,
        unit: "per second",
        ours: ours.map(({ perSecond }) => perSecond),
        reference: reference.map(({ perSecond }) => perSecond),
        aim: options.aim,
        detail: [
            `p50 ${of(ours, "p50")} : ${of(reference, "p50")} ms`,
            `p99 ${of(ours, "p99")} : ${of(reference, "p99")} ms`,
            cpuText({ ours, reference }),
        ].join(", "),
    });
}
