import type { Report } from "./report";
import { shortNumber } from "./table";

const begin = "<!-- begin: measured by npm run bench -->";
const end = "<!-- end -->";

/** The table of a report in Markdown. */
export function markdownTable({ rows, date, node }: Report): string {
    const lines = rows.flatMap(({ title, reference, results }) => [
        `| **${title}** | ${reference} | | | |`,
        ...results.map(({ what, unit, ours, reference: other, ratio, spread, aim, met }) => {
            const wanted =
                aim === undefined ? "" : "atMost" in aim ? `at most ${aim.atMost}` : `at least ${aim.atLeast}`;
            const verdict = met === false ? `${wanted}, **missed**` : wanted;
            const pair = `${shortNumber(ours)} : ${shortNumber(other)} ${unit}`;
            return `| ${what} | ${pair} | ${ratio.toFixed(2)} | ${spread[0].toFixed(2)}-${spread[1].toFixed(2)} | ${verdict} |`;
        }),
    ]);
    return [
        begin,
        `Measured on ${date} with Node.js ${node}.`,
        "",
        "| what | ours : reference | ratio | spread | aim |",
        "| --- | --- | --- | --- | --- |",
        ...lines,
        end,
    ].join("\n");
}

/** Replaces the page's table with the report's. Throws when the page has no table. */
export function replaceTable(page: string, report: Report): string {
    const [from, to] = [page.indexOf(begin), page.indexOf(end)];
    if (from < 0 || to < from) {
        throw new Error(`the page has no "${begin}" with "${end}" after it`);
    }
    return page.slice(0, from) + markdownTable(report) + page.slice(to + end.length);
}
