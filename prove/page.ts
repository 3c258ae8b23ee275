import type { Entry } from "./matrix";
import type { ProofState } from "./state";

export interface Pages {
    proven: string;
    notProven: string;
}

const tableStart = "<!-- results -->";
const answersStart = "<!-- answers -->";

/**
 * Writes the results into docs/proven.md and moves the lines that they answer out of docs/not-proven.md. A failed entry answers its
 * lines too, since what was seen is no longer unknown; an entry that could not be cleaned up answers nothing.
 */
export function writePages({ pages, state, entries }: { pages: Pages; state: ProofState; entries: Entry[] }): Pages {
    const ran = entries.flatMap((entry) => {
        const result = state.entries[entry.name];
        return result?.status === "passed" || result?.status === "failed" ? [{ entry, result }] : [];
    });
    let { proven, notProven } = pages;
    const rows = ran.map(({ entry, result }) =>
        row([
            entry.name,
            result.status,
            result.date?.slice(0, 10) ?? "",
            result.hostVersion ?? "",
            seconds(result.steps, "up"),
            seconds(result.steps, "first message"),
            seconds(result.steps, "code edit"),
            seconds(result.steps, "rotation"),
            result.error ?? "",
        ]),
    );
    proven = mergeRows(proven, rows);
    for (const { entry, result } of ran) {
        for (const id of entry.answers.filter((one) => result.unanswered?.includes(one) !== true)) {
            const taken = takeLine(notProven, id);
            if (taken === undefined) {
                continue;
            }
            notProven = taken.rest;
            const seen = result.status === "passed" ? "It works" : `It failed: ${cell(result.error ?? "")}`;
            const answer = `${taken.line}\n  **${seen}** (${entry.name}, ${result.date?.slice(0, 10) ?? ""}).`;
            proven = proven.replace(answersStart, `${answersStart}\n\n${answer}`);
        }
    }
    return { proven, notProven };
}

/** Takes the list item with an anchor out of a page, with its continuation lines. */
function takeLine(page: string, id: string): { line: string; rest: string } | undefined {
    const lines = page.split("\n");
    const start = lines.findIndex((line) => line.startsWith("- ") && line.includes(`<a id="${id}"></a>`));
    if (start < 0) {
        return undefined;
    }
    const length = 1 + lines.slice(start + 1).findIndex((line) => !line.startsWith("  "));
    const end = length === 0 ? lines.length : start + length;
    return {
        line: lines.slice(start, end).join("\n"),
        rest: [...lines.slice(0, start), ...lines.slice(end)].join("\n"),
    };
}

/** Replaces the rows of the same entries in the table, and adds the others. */
function mergeRows(page: string, rows: string[]): string {
    const [head = "", rest = ""] = page.split(tableStart);
    const [, ...lines] = rest.split("\n");
    const table = lines.slice(
        0,
        lines.findIndex((line) => !line.startsWith("|")),
    );
    const [titles = "", rule = "", ...old] = table;
    const name = (line: string) => line.split("|")[1]?.trim();
    const fresh = new Set(rows.map(name));
    const kept = old.filter((line) => !fresh.has(name(line)));
    const after = lines.slice(table.length);
    return [`${head}${tableStart}`, titles, rule, ...kept, ...rows, ...after].join("\n");
}

function seconds(steps: readonly { step: string; seconds: number }[], step: string): string {
    const found = steps.find((one) => one.step === step);
    return found === undefined ? "" : `${found.seconds} s`;
}

function row(cells: string[]): string {
    return `| ${cells.map(cell).join(" | ")} |`;
}

function cell(text: string): string {
    return text.replaceAll("|", "\\|").replace(/\s+/g, " ").trim();
}
