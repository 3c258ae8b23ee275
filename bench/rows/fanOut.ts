import type { FanOut } from "../load/fanOut";
import { describePairs, median } from "../runner/statistics";
import type { Aim, Context, Result } from "../runner/types";
import { type openContest, type Round, timesOf } from "./contest";

type Play = Awaited<ReturnType<typeof openContest>>["play"];

/** One message to so many clients, again and again. */
export async function playFanOut(o: {
    context: Context;
    play: Play;
    clients: number;
    what: string;
    aim: Aim;
}): Promise<Result> {
    o.context.note(o.what);
    const round: Round<FanOut> = {
        clients: o.clients,
        ...timesOf(o.context),
        measure: ({ load, target, milliseconds }) => load.call("fanOut", { milliseconds, call: target.call }),
    };
    const { ours, reference } = await o.play(round);
    return describePairs({
        what: o.what,
        unit: "deliveries/s",
        ours: ours.map(({ perSecond }) => perSecond),
        reference: reference.map(({ perSecond }) => perSecond),
        aim: o.aim,
        detail: cpuText({ ours, reference }),
    });
}

/** What the server process itself used, whatever the clients and the handler cost. */
export function cpuText(o: Record<"ours" | "reference", readonly { cpu: number }[]>): string {
    const [ours, reference] = [o.ours, o.reference].map((side) => median(side.map(({ cpu }) => cpu)).toFixed(1));
    return `server CPU ${ours} : ${reference} us`;
}
