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
        throw new Error(`--only ${unknown.join(" ")}: unknown row. The rows are ${names.join(", ")}.`);
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
    // A quick run measures too little and `--only` leaves rows out, so neither may replace the stored results.
    if (options.quick !== true && options.only === undefined) {
        const report = toReport({ measured, date: new Date(began), node: process.version });
        writeFileSync(join(__dirname, "results.json"), writeReport(report));
        writeFileSync(page, replaceTable(readFileSync(page, "utf8"), report));
    }
}

const cli = new Command("bench")
    .description(
        "Measures every row against its reference on this machine, then writes bench/results.json and the table in docs/performance.md.",
    )
    .option("--quick", "only check that every row works: few runs with small numbers, no file written")
    .option("--only <row...>", `measure only these rows and write no file: ${names.join(", ")}`)
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
