import { type Expected, faults, faultsHere, firstStart } from "../faults/faults";
import { buildPackage } from "../support/build";
import { seededRandom } from "../support/seededRandom";

const count = Number(process.env.FAULTS ?? 3);
const seed = Number(process.env.FAULT_SEED ?? Date.now() % 1_000_000);
const { whole } = seededRandom(seed);

// SIGKILL always, because nothing prepares for it; then others in turn, a different choice in each run.
const others = faultsHere.filter((name) => name !== "SIGKILL");
const first = whole(others.length);
const chosen = ["SIGKILL", ...others.map((_, index) => others[(first + index) % others.length]!)].slice(0, count);

describe(`a start that is disturbed (FAULT_SEED=${seed})`, function () {
    this.timeout(120_000);
    let expected: Expected;

    before(async () => {
        buildPackage();
        expected = await firstStart();
    });

    for (const name of chosen) {
        it(`by ${name} is continued by the next start, which loses and doubles nothing`, async () => {
            const story: string[] = [];
            try {
                await faults.get(name)!({ draw: whole, expected, tell: (text) => void story.push(text) });
            } catch (error) {
                throw new Error(`FAULT_SEED=${seed}\n${story.join("\n")}`, { cause: error });
            }
        });
    }
});
