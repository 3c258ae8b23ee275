import { type Expected, faults, faultsHere, firstStart } from "../faults/faults";
import { longestStart } from "../faults/project";
import { buildPackage } from "../support/build";
import { seededRandom } from "../support/seededRandom";

const count = Number(process.env.FAULTS ?? 3);
// Always the same faults, so that no build fails for a draw that nobody has seen. `npm run faults` draws others.
const seed = Number(process.env.FAULT_SEED ?? 1);
const { whole } = seededRandom(seed);

// SIGKILL always, because nothing prepares for it; then others in turn, from one that the seed chooses.
const others = faultsHere.filter((name) => name !== "SIGKILL");
const first = whole(others.length);
const chosen = ["SIGKILL", ...others.map((_, index) => others[(first + index) % others.length]!)].slice(0, count);

describe(`a start that is disturbed (FAULT_SEED=${seed})`, function () {
    // A fault has up to four starts, and each ends itself when it hangs.
    this.timeout(5 * longestStart);
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
