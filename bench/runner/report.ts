import { isMet } from "./statistics";
import type { TableRow } from "./table";
import type { Result } from "./types";

type Measured = TableRow & { name: string };

export interface Report {
    date: string;
    node: string;
    rows: {
        name: string;
        title: string;
        reference: string;
        results: (Result & { met?: boolean })[];
    }[];
}

const round = (value: number): number => Number(value.toPrecision(4));

/** The stored part of a run: the ratios with their spread and measurements. The machine is not described. */
export function toReport(options: { measured: readonly Measured[]; date: Date; node: string }): Report {
    return {
        date: options.date.toISOString().slice(0, 10),
        node: options.node,
        rows: options.measured.map(({ name, title, reference, results }) => ({
            name,
            title,
            reference,
            results: results.map((result) => {
                const met = isMet(result);
                return {
                    ...result,
                    ours: round(result.ours),
                    reference: round(result.reference),
                    ratio: round(result.ratio),
                    spread: [round(result.spread[0]), round(result.spread[1])],
                    ...(met === undefined ? {} : { met }),
                };
            }),
        })),
    };
}

/** The report as JSON, with each pair of numbers on one line. */
export function writeReport(report: Report): string {
    return `${JSON.stringify(report, undefined, 2).replace(/\[\s+([^\s,[\]]+),\s+([^\s,[\]]+)\s+\]/g, "[$1, $2]")}\n`;
}
