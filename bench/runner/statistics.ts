import type { Aim, Result } from "./types";

/** The middle value, or the mean of the two middle values of an even number. */
export function median(values: readonly number[]): number {
    return quantile(values, 0.5);
}

/** The value with this share of the values below it, interpolated between two neighbours. Throws without any value. */
export function quantile(values: readonly number[], share: number): number {
    if (values.length === 0) {
        throw new Error("there is nothing to take a quantile of");
    }
    const sorted = [...values].sort((a, b) => a - b);
    const place = (sorted.length - 1) * share;
    const below = sorted[Math.floor(place)] as number;
    const above = sorted[Math.ceil(place)] as number;
    return below + (above - below) * (place - Math.floor(place));
}

export interface Pairs {
    ours: readonly number[];
    reference: readonly number[];
}

export interface Description extends Pairs {
    what: string;
    unit: string;
    aim?: Aim;
    detail?: string;
}

/** Makes a line from pairs of measurements. Each run is compared with its partner, which met the same state of the machine. */
export function describePairs({ ours, reference, ...line }: Description): Result {
    const ratios = ours.map((value, index) => value / (reference[index] as number));
    return {
        ...line,
        ours: median(ours),
        reference: median(reference),
        ratio: median(ratios),
        spread: [Math.min(...ratios), Math.max(...ratios)],
    };
}

export function isMet({ ratio, aim }: Pick<Result, "ratio" | "aim">): boolean | undefined {
    if (aim === undefined) {
        return undefined;
    }
    return "atMost" in aim ? ratio <= aim.atMost : ratio >= aim.atLeast;
}

/** Runs both in turn, A B, B A, A B, so that neither always runs second. */
export async function alternate<T>(options: {
    runs: number;
    ours(): Promise<T>;
    reference(): Promise<T>;
}): Promise<{ ours: T[]; reference: T[] }> {
    const found = { ours: [] as T[], reference: [] as T[] };
    for (let run = 0; run < options.runs; run++) {
        const order = run % 2 === 0 ? (["ours", "reference"] as const) : (["reference", "ours"] as const);
        for (const side of order) {
            found[side].push(await options[side]());
        }
    }
    return found;
}
