import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import type { ExtensionHost, HostFunction, Invocation } from "../../../emulator/functions/host/extensions/extension";
import { timerExtension } from "../../../emulator/functions/host/extensions/timer";
import { createSettings } from "../../../emulator/functions/host/settings";
import { FakeClock } from "../../support/clock";

const minute = 60_000;

describe("functions: timer trigger", () => {
    let clock: FakeClock;
    let folder: string;
    let ran: { at: number; timer: { IsPastDue: boolean; ScheduleStatus: { Next: string } | null } }[];
    let stop: () => void;

    beforeEach(() => {
        clock = new FakeClock();
        folder = mkdtempSync(path.join(os.tmpdir(), "timer-"));
        ran = [];
        stop = () => undefined;
    });
    afterEach(() => {
        stop();
        rmSync(folder, { recursive: true });
    });

    async function start(trigger: Record<string, unknown>, invoke?: () => Promise<never>): Promise<void> {
        stop();
        const host: ExtensionHost = {
            hostJson: { routePrefix: "api", functionTimeoutMilliseconds: minute },
            settings: createSettings({ Every: "0 */10 * * * *" }),
            log: () => undefined,
            clock,
            fetch,
            stateFolder: folder,
            plan: { sku: "Dedicated" },
            unansweredMilliseconds: 0,
            token: async () => "",
            invoke: async ({ input }: Invocation) => {
                ran.push({
                    at: clock.now(),
                    timer: JSON.parse(input?.json ?? "null") as (typeof ran)[number]["timer"],
                });
                return invoke === undefined ? { returnValue: undefined } : invoke();
            },
        };
        const running = await timerExtension.start(host);
        running.addFunction?.({
            name: "tick",
            trigger: { name: "t", type: "timerTrigger", direction: "in", ...trigger },
        } as unknown as HostFunction);
        running.begin?.();
        stop = () => running.stop?.();
    }

    it("fires on its schedule, taken from a setting, and not before", async () => {
        const began = clock.now();
        await start({ schedule: "%Every%" });
        await clock.advance(9 * minute);
        assert.equal(ran.length, 0);
        await clock.advance(21 * minute);
        assert.deepEqual(
            ran.map(({ at }) => (at - began) / minute),
            [10, 20, 30],
        );
        assert.equal(ran[0]!.timer.ScheduleStatus, null);
        assert.equal(
            ran[1]!.timer.ScheduleStatus?.Next,
            new Date(began + 20 * minute).toISOString().replace("Z", "+00:00"),
        );
    });

    it("fires at start when told to", async () => {
        await start({ schedule: "%Every%", runOnStartup: true });
        await clock.advance(0);
        assert.deepEqual(
            ran.map(({ timer }) => timer.IsPastDue),
            [false],
        );
    });

    it("makes up once for what it missed while the host was away, and says so", async () => {
        await start({ schedule: "%Every%" });
        await clock.advance(10 * minute);
        stop();
        await clock.advance(60 * minute);
        assert.equal(ran.length, 1);
        await start({ schedule: "%Every%" });
        await clock.advance(0);
        assert.deepEqual(
            ran.map(({ timer }) => timer.IsPastDue),
            [false, true],
        );
    });

    for (const trigger of [{ schedule: "%Every%", useMonitor: false }, { schedule: "*/30 * * * * *" }]) {
        it(`makes up for nothing with ${JSON.stringify(trigger)}`, async () => {
            await start(trigger);
            await clock.advance(10 * minute);
            stop();
            await clock.advance(60 * minute);
            const before = ran.length;
            await start(trigger);
            await clock.advance(0);
            assert.equal(ran.length, before);
        });
    }

    it("continues after a failure", async () => {
        await start({ schedule: "00:01:00" }, () => Promise.reject(new Error("no")));
        await clock.advance(3 * minute);
        assert.equal(ran.length, 3);
    });

    // Source: azure-webjobs-sdk, FunctionIndexer.cs: the host names the function around the extension's words.
    it("refuses an invalid schedule before the host starts, and names the text", () => {
        const fn = { name: "tick", trigger: { schedule: "often" } } as unknown as HostFunction;
        assert.throws(
            () => timerExtension.check?.({ fn, settings: createSettings({}), plan: { sku: "Dedicated" } }),
            /The schedule expression 'often' was not recognized as a valid cron expression or timespan string/,
        );
    });
});
