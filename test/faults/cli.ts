import { Command } from "commander";
import { buildPackage } from "../support/build";
import { seededRandom } from "../support/seededRandom";
import { faults, faultsHere, firstStart } from "./faults";

const print = (line: string) => void process.stdout.write(`${line}\n`);

async function main({ count, seed, only }: { count: string; seed: string; only?: string[] }): Promise<number> {
    const { whole: draw } = seededRandom(Number(seed));
    buildPackage();
    const expected = await firstStart();
    const names = faultsHere.filter((name) => only === undefined || only.includes(name));
    const failed: string[] = [];
    for (let index = 0; index < Number(count); index += 1) {
        const name = names[index % names.length]!;
        const story: string[] = [];
        const began = performance.now();
        try {
            await faults.get(name)!({ draw, expected, tell: (text) => void story.push(text) });
            print(`passed  ${name.padEnd(14)}${((performance.now() - began) / 1000).toFixed(1)} s`);
        } catch (error) {
            failed.push(name);
            print(`failed  ${name}\n${story.join("\n")}\n${String(error)}`);
        }
    }
    print(
        `${count} faults, seed ${seed}: ${failed.length} failed${failed.length === 0 ? "" : `: ${failed.join(", ")}`}.`,
    );
    return failed.length === 0 ? 0 : 1;
}

new Command("faults")
    .description("Disturbs starts of the chat in every way, and checks that the next start is right.")
    .option("--count <n>", "number of faults", "16")
    .option("--seed <n>", "seed of the moments, for repeating a run", String(Date.now() % 1_000_000))
    .option("--only <names...>", `kinds of faults: ${faultsHere.join(", ")}`)
    .action(async (flags: { count: string; seed: string; only?: string[] }) => process.exit(await main(flags)))
    .parse();
