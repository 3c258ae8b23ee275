import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { Command } from "commander";
import { keys } from "../stacks/config";
import { type Entry, listEntries } from "./matrix";
import { writePages } from "./page";
import { pulumiStacks } from "./pulumiStack";
import { runProof } from "./run";
import { openStateFile } from "./state";

const root = resolve(__dirname, "..");

interface Flags {
    subscription?: string;
    local?: boolean;
    yes?: boolean;
    only?: string[];
    state?: string;
    location: string;
    verbose?: boolean;
    idle?: string;
}

function chosen(all: Entry[], only: string[] | undefined): Entry[] {
    const unknown = only?.filter((name) => !all.some((entry) => entry.name === name)) ?? [];
    if (unknown.length > 0) {
        throw new Error(`--only ${unknown.join(" ")}: the entries are ${all.map(({ name }) => name).join(", ")}.`);
    }
    return all.filter(({ name }) => only === undefined || only.includes(name));
}

function print(line: string): void {
    process.stdout.write(`${line}\n`);
}

async function main(flags: Flags): Promise<boolean> {
    if ((flags.subscription === undefined) === (flags.local !== true)) {
        throw new Error("Name either a subscription with --subscription, or the local Azure with --local.");
    }
    const idleMinutes = Number(flags.idle ?? (flags.local === true ? 0 : 30));
    if (!Number.isInteger(idleMinutes) || idleMinutes < 0 || idleMinutes > 24 * 60) {
        throw new Error(`--idle ${flags.idle}: Allowed: whole minutes from 0 to 1440; 0 leaves the pause out.`);
    }
    const { entries: all, skipped } = listEntries(keys, { idleMinutes });
    const entries = chosen(all, flags.only);
    const target = flags.subscription ?? "local";
    for (const reason of skipped) {
        print(`skipped: ${reason}`);
    }
    for (const { name, dollars, idleMinutes: pauses } of entries) {
        const waits = pauses === undefined ? "" : `, ${pauses} minutes of it without traffic`;
        print(`${name.padEnd(48)}about ${dollars.toFixed(2)} USD if it takes an hour${waits}`);
    }
    const total = entries.reduce((sum, { dollars }) => sum + dollars, 0);
    print(`${entries.length} entries, one resource group each, about ${total.toFixed(2)} USD on ${target} at most.`);
    print("Vaults are deleted, and their names stay taken for 90 days. Prices are from memory: look before you start.");
    if (flags.yes !== true) {
        print("Nothing was run. Add --yes to start.");
        return true;
    }
    let isStopped = false;
    // A closed terminal sends SIGHUP. What was made on Azure costs money, so each of them waits for the clean-up.
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
        process.on(signal, () => {
            isStopped = true;
            print("Stopping after the clean-up of this entry.");
        });
    }
    for (const stream of [process.stdout, process.stderr]) {
        stream.on("error", () => undefined);
    }
    const file = resolve(flags.state ?? join(root, ".azure-realtime", "prove", `${target}.json`));
    const state = await runProof({
        entries,
        store: openStateFile(file, target),
        open: pulumiStacks({
            subscription: flags.subscription,
            location: flags.location,
            log: (text) => flags.verbose === true && process.stdout.write(text),
        }),
        note: print,
        now: Date.now,
        pause: (milliseconds) => pause(milliseconds),
        isStopped: () => isStopped,
    });
    // The local Azure proves nothing about Azure, so the pages stay as they are.
    if (flags.local !== true) {
        const paths = { proven: join(root, "docs", "proven.md"), notProven: join(root, "docs", "not-proven.md") };
        const pages = {
            proven: readFileSync(paths.proven, "utf8"),
            notProven: readFileSync(paths.notProven, "utf8"),
        };
        const written = writePages({ pages, state, entries: all });
        writeFileSync(paths.proven, written.proven);
        writeFileSync(paths.notProven, written.notProven);
    }
    return entries.every(({ name }) => state.entries[name]?.status === "passed");
}

new Command("prove")
    .description(
        "Deploys every kind of backend, sends a message through each, and writes what was seen into docs/proven.md.",
    )
    .option("--subscription <id>", "subscription that pays")
    .option("--local", "run against the local Azure instead, with the Pulumi CLI of PATH")
    .option("--yes", "start, after the cost was read")
    .option("--only <entries...>", "run these entries")
    .option("--location <region>", "Azure region", "westeurope")
    .option("--state <file>", "file with the results so far (default: .azure-realtime/prove/<subscription>.json)")
    .option("--idle <minutes>", "pause before the last message on Flex Consumption; 0 for none (default: 30, local 0)")
    .option("--verbose", "print what the Pulumi CLI prints")
    .action((flags: Flags) =>
        main(flags).then(
            (passed) => process.exit(passed ? 0 : 1),
            (error: unknown) => {
                process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
                process.exit(1);
            },
        ),
    )
    .parse();
