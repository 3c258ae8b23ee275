import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import type { DialectName } from "../load/dialects";
import { buildWorkers } from "../runner/worker";
import { renderPage, renderTable } from "./page";
import { type SoakResult, soak } from "./soak";

const names: DialectName[] = ["socketio", "webpubsub", "signalr"];

interface Flags {
    minutes: string;
    idle: string;
    active: string;
    only?: DialectName[];
    write?: boolean;
}

async function main({ minutes, idle, active, only = names, write }: Flags): Promise<boolean> {
    await buildWorkers();
    const results: SoakResult[] = [];
    const note = (text: string) => void process.stderr.write(`${text}\n`);
    const load = { minutes: Number(minutes), idle: Number(idle), active: Number(active) };
    for (const name of only) {
        results.push(await soak({ name, note, ...load }));
        note(renderTable(results.slice(-1)).join("\n"));
    }
    process.stdout.write(`${renderTable(results).join("\n")}\n`);
    if (write === true) {
        writeFileSync(join(__dirname, "../../docs/soak.md"), renderPage({ results, ...load, date: new Date() }));
    }
    return results.every(({ lost, double }) => lost === 0 && double === 0);
}

new Command("soak")
    .description("Keeps each emulated service under load and disturbs it; fails when anything is lost or comes twice.")
    .option("--minutes <n>", "for each service", "10")
    .option("--idle <n>", "connections that only listen", "2000")
    .option("--active <n>", "connections that send an event each second", "200")
    .option("--only <services...>", `services: ${names.join(", ")}`)
    .option("--write", "write the figures into docs/soak.md")
    .action((flags: Flags) =>
        main(flags).then(
            (isRight) => process.exit(isRight ? 0 : 1),
            (error: unknown) => {
                process.stderr.write(`${error instanceof Error ? error.stack : error}\n`);
                process.exit(1);
            },
        ),
    )
    .parse();
