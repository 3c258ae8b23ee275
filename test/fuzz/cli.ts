import { randomInt } from "node:crypto";
import { setImmediate } from "node:timers/promises";
import { Command } from "commander";
import fc from "fast-check";
import { hostTargets } from "./host";
import { attack, openPorts } from "./ports";
import { processTargets } from "./process";
import { serviceTargets } from "./services";
import { type Finding, type Round, show, tryTarget } from "./target";

interface Subject {
    name: string;
    round(seed: number): Promise<Round> | Round;
    cases: number;
}

const roundMilliseconds = 2000;
const findings: Finding[] = [];

function report(finding: Finding): void {
    const known = findings.some(({ target, error }) => target === finding.target && error === finding.error);
    if (!known) {
        findings.push(finding);
        process.stdout.write(
            `\nFINDING in ${finding.target}, seed ${finding.seed}: ${finding.error}\n${show(finding.input)}\n`,
        );
    }
}

async function openSubjects(): Promise<Subject[]> {
    const parsers = [...serviceTargets, ...hostTargets, ...processTargets].map(
        (fuzzed): Subject => ({
            name: fuzzed.name,
            cases: 0,
            round: (seed) => tryTarget(fuzzed, { seed, cases: 20_000, milliseconds: roundMilliseconds }),
        }),
    );
    const ports = (await openPorts()).map(
        (port): Subject => ({
            name: `port of ${port.name}`,
            cases: 0,
            async round(seed) {
                const details = await fc.check(
                    fc.asyncProperty(attack, async (input) => {
                        await port.attack(input);
                        await port.requireServed();
                    }),
                    { seed, numRuns: 1000, interruptAfterTimeLimit: roundMilliseconds },
                );
                const failed = details.counterexample;
                const error = String(details.errorInstance ?? "unknown");
                return {
                    cases: details.numRuns,
                    finding:
                        failed === null ? undefined : { target: `port of ${port.name}`, input: failed[0], seed, error },
                };
            },
        }),
    );
    return [...parsers, ...ports];
}

async function main({ minutes, seed, only }: { minutes: number; seed: number; only?: string }): Promise<number> {
    // What would end the emulator is a finding of its own.
    for (const event of ["uncaughtException", "unhandledRejection"] as const) {
        process.on(event, (error: unknown) =>
            report({
                target: event,
                input: undefined,
                seed,
                error: error instanceof Error ? (error.stack ?? "") : String(error),
            }),
        );
    }
    const subjects = (await openSubjects()).filter(
        ({ name }) => only === undefined || name.toLowerCase().includes(only.toLowerCase()),
    );
    if (subjects.length === 0) {
        process.stderr.write(`--only ${only}: there is no such target.\n`);
        return 2;
    }
    const until = Date.now() + minutes * 60_000;
    process.stdout.write(`Seed ${seed}, ${minutes} minutes, ${subjects.length} targets.\n`);
    for (let round = 0; Date.now() < until; round++) {
        for (const subject of subjects) {
            if (Date.now() >= until) {
                break;
            }
            const { cases, finding } = await subject.round(seed + round);
            subject.cases += cases;
            if (finding !== undefined) {
                report(finding);
            }
            // Parsers run without a pause. The clients at the ports would miss their pings for a minute, and give up.
            for (let turn = 0; turn < 20; turn++) {
                await setImmediate();
            }
        }
    }
    for (const { name, cases } of subjects) {
        process.stdout.write(`${String(cases).padStart(10)}  ${name}\n`);
    }
    const total = subjects.reduce((sum, { cases }) => sum + cases, 0);
    process.stdout.write(`${String(total).padStart(10)}  cases, ${findings.length} findings\n`);
    return findings.length === 0 ? 0 : 1;
}

new Command("fuzz")
    .description(
        "Tries every parser and every port of the three services with made-up input, and prints what breaks and the smallest input for it.",
    )
    .option("--minutes <n>", "how long", Number, 1)
    .option(
        "--seed <n>",
        "repeat the inputs of an earlier run; each finding names its seed",
        Number,
        randomInt(2 ** 31),
    )
    .option("--only <text>", "only the targets whose name has this text")
    .action((options: { minutes: number; seed: number; only?: string }) =>
        main(options).then(
            (code) => process.exit(code),
            (error: unknown) => {
                process.stderr.write(`${String(error)}\n`);
                process.exit(1);
            },
        ),
    )
    .parse();
