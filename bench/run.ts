import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join, resolve } from "node:path";
import type { TableRow } from "./runner/table";
import type { Row, RowResult } from "./runner/types";
import { buildWorkers } from "./runner/worker";

export interface RunOptions {
    rows: readonly Row[];
    quick: boolean;
    note(text: string): void;
}

export type Measured = TableRow & Pick<Row, "name"> & Pick<RowResult, "picture">;

/** Measures the rows one after another, so that they do not disturb each other. A quick run measures several at once. */
export async function runRows(options: RunOptions): Promise<Measured[]> {
    // Inside the repository, so that the written programs find its packages.
    const place = resolve(__dirname, "../.azure-realtime");
    mkdirSync(place, { recursive: true });

    await buildWorkers();

    async function measure(row: Row): Promise<Measured> {
        const folder = mkdtempSync(join(place, "bench-"));
        try {
            const { results, picture } = await row.run({
                quick: options.quick,
                folder,
                note: (text) => options.note(`${row.name}: ${text}`),
            });
            return { name: row.name, title: row.title, reference: row.reference, results, picture };
        } finally {
            rmSync(folder, { recursive: true, force: true });
        }
    }

    const measured: Measured[] = [];
    const waiting = [...options.rows.entries()];
    const next = async (): Promise<void> => {
        for (let entry = waiting.shift(); entry !== undefined; entry = waiting.shift()) {
            const [index, row] = entry;
            measured[index] = await measure(row);
        }
    };
    await Promise.all(Array.from({ length: options.quick ? availableParallelism() : 1 }, next));
    return measured;
}
