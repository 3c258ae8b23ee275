import { isMet } from "./statistics";
import type { Result } from "./types";

export interface TableRow {
    title: string;
    reference: string;
    results: readonly Result[];
}

/** A number of any size with about three significant digits. */
export function shortNumber(value: number): string {
    const size = Math.abs(value);
    if (size >= 100_000) {
        return `${Math.round(value / 1000)}k`;
    }
    return value.toFixed(size >= 100 || Number.isInteger(value) ? 0 : size >= 10 ? 1 : 2);
}

function aimText({ aim }: Result): string {
    if (aim === undefined) {
        return "";
    }
    return "atMost" in aim ? `<= ${aim.atMost}` : `>= ${aim.atLeast}`;
}

const verdicts = new Map([
    [true, "ok"],
    [false, "MISSED"],
]);

function cells(result: Result): string[] {
    const { what, unit, ours, reference, ratio, spread, detail } = result;
    const met = isMet(result);
    return [
        `  ${what}`,
        unit,
        shortNumber(ours),
        shortNumber(reference),
        ratio.toFixed(2),
        `${spread[0].toFixed(2)}-${spread[1].toFixed(2)}`,
        aimText(result),
        met === undefined ? "" : (verdicts.get(met) as string),
        detail ?? "",
    ];
}

const head = ["", "unit", "ours", "reference", "ratio", "spread", "aim", "", ""];
const numeric = new Set([2, 3, 4, 5, 6]);

/** Renders the table as lines of text: a heading for each row and a line for each result. */
export function renderTable(rows: readonly TableRow[]): string[] {
    const lines = rows.map((row) => row.results.map(cells));
    const widths = head.map((title, column) =>
        Math.max(title.length, ...lines.flat().map((line) => (line[column] as string).length)),
    );
    const toLine = (line: readonly string[]): string =>
        line
            .map((cell, column) =>
                numeric.has(column) ? cell.padStart(widths[column] as number) : cell.padEnd(widths[column] as number),
            )
            .join("  ")
            .trimEnd();
    return [
        toLine(head),
        ...rows.flatMap((row, index) => [
            `${row.title} / ${row.reference}`,
            ...(lines[index] as string[][]).map(toLine),
        ]),
    ];
}
