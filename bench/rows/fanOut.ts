import type { FanOut } from "../load/fanOut";
import { describePairs, median } from "../runner/statistics";
import type { Result } from "../runner/types";
import { type Line, type Round, timesOf } from "./contest";

/** Measures how fast messages reach all clients. */
export async function playFanOut(options: Line): Promise<Result> {
    options.context.note(options.what);
    const round: Round<FanOut> = {
        clients: options.clients,
        ...timesOf(options.context),
        measure: ({ load, target, milliseconds }) => load.call("fanOut", { milliseconds, call: target.call }),
    };
    const { ours, reference } = await options.play(round);
    return describePairs({
        what: options.what,
        unit: "deliveries/s",
        ours: ours.map(({ perSecond }) => perSecond),
        reference: reference.map(({ perSecond }) => perSecond),
        aim: options.aim,
        detail: cpuText({ ours, reference }),
    });
}

/** The processor time of each server process alone, without clients and handler. */
export function cpuText(options: Record<"ours" | "reference", readonly { cpu: number }[]>): string {
    const [ours, reference] = [options.ours, options.reference].map((side) =>
        median(side.map(({ cpu }) => cpu)).toFixed(1),
    );
    return `server CPU ${ours} : ${reference} us`;
}
