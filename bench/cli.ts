import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import { rows } from "./rows";
import { runRows } from "./run";
import { replaceTable } from "./runner/page";
import { toReport, writeReport } from "./runner/report";
import { renderTable } from "./runner/table";

const page = join(__dirname, "../docs/performance.md");
const names = rows.map(({ name }) => name);

interface CliOptions {
    quick?: boolean;
    only?: string[];
}

function chosenRows({ only }: CliOptions): typeof rows {
    const unknown = only?.filter((name) => !names.includes(name)) ?? [];
    if (unknown.length > 0) {
        throw new Error(`--only ${unknown.join(" ")}: there is no such row. Rows are ${names.join(", ")}.`);
    }
    return rows.filter(({ name }) => only === undefined || only.includes(name));
}

async function main(options: CliOptions): Promise<void> {
    const began = Date.now();
    const measured = await runRows({
        rows: chosenRows(options),
        quick: options.quick === true,
        note: (text) => process.stderr.write(`${text}\n`),
    });
    const seconds = Math.round((Date.now() - began) / 1000);
    const pictures = measured.flatMap(({ picture }) => (picture === undefined ? [] : ["", picture]));
    process.stdout.write(`${[...renderTable(measured), ...pictures, "", `${seconds} s`].join("\n")}\n`);
    // Numbers that are not for judging, or not all of them, must not take the place of those that are.
    if (options.quick !== true && options.only === undefined) {
        const report = toReport({ measured, date: new Date(began), node: process.version });
        writeFileSync(join(__dirname, "results.json"), writeReport(report));
        writeFileSync(page, replaceTable(readFileSync(page, "utf8"), report));
    }
}

const cli = new Command("bench")
    .description(
        "Measures everything against a reference on the same machine, and writes bench/results.json and the table of docs/performance.md.",
    )
    .option("--quick", "see that it works: few runs, small numbers, nothing written")
    .option("--only <row...>", `measure these rows and write nothing: ${names.join(", ")}`)
    .action((options: CliOptions) =>
        main(options).then(
            () => process.exit(0),
            (error: unknown) => {
                process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
                process.exit(1);
            },
        ),
    );
cli.parse();
