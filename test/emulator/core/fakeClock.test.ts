import assert from "node:assert/strict";
import { sleep } from "../../../emulator/core/clock";
import { FakeClock } from "../../support/clock";

describe("fake clock", () => {
    it("runs what falls due in order, each at its own time", async () => {
        const clock = new FakeClock(0);
        const seen: string[] = [];
        clock.after(20, () => seen.push(`b ${clock.now()}`));
        clock.after(10, () => {
            seen.push(`a ${clock.now()}`);
            clock.after(5, () => seen.push(`nested ${clock.now()}`));
        });
        const cancel = clock.after(15, () => seen.push("cancelled"));
        cancel();
        clock.after(31, () => seen.push("later"));
        await clock.advance(30);
        assert.deepEqual(seen, ["a 10", "nested 15", "b 20"]);
        assert.equal(clock.now(), 30);
        assert.deepEqual(clock.pending(), [1]);
    });

    it("lets a sleeper run on before the next timer", async () => {
        const clock = new FakeClock(0);
        const seen: number[] = [];
        const work = (async () => {
            for (const milliseconds of [10, 10, 10]) {
                await sleep(clock, milliseconds);
                seen.push(clock.now());
            }
        })();
        await clock.advance(30);
        await work;
        assert.deepEqual(seen, [10, 20, 30]);
    });
});
