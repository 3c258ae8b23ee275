import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import type { ExtensionHost, HostFunction, Invocation } from "../../../emulator/functions/host/extensions/extension";
import { timerExtension } from "../../../emulator/functions/host/extensions/timer";
import { createSettings } from "../../../emulator/functions/host/settings";
import type { Plan } from "../../../rules/plan";
import { FakeClock } from "../../support/clock";

const minute = 60_000;
/** As Newtonsoft.Json writes it. */
const iso = (time: number) => new Date(time).toISOString().replace(".000Z", "+00:00");

describe("functions: timer trigger", () => {
    let clock: FakeClock;
    let folder: string;
    let ran: { at: number; timer: { IsPastDue: boolean; ScheduleStatus: { Last: string; Next: string } | null } }[];
    let stop: () => void;
    let logged: string[];

    beforeEach(() => {
        clock = new FakeClock();
        folder = mkdtempSync(path.join(os.tmpdir(), "timer-"));
        ran = [];
        logged = [];
        stop = () => undefined;
    });
    afterEach(() => {
        stop();
        rmSync(folder, { recursive: true });
    });

    async function start(
        trigger: Record<string, unknown>,
        invoke?: () => Promise<unknown>,
        more: { plan?: Plan; settings?: Record<string, string> } = {},
    ): Promise<void> {
        stop();
        const host: ExtensionHost = {
            hostJson: { routePrefix: "api", functionTimeoutMilliseconds: minute },
            settings: createSettings({ Every: "0 */10 * * * *", ...more.settings }),
            log: (level, message) => void logged.push(`${level}: ${message}`),
            clock,
            fetch,
            stateFolder: folder,
            plan: more.plan ?? { sku: "Dedicated" },
            unansweredMilliseconds: 0,
            token: async () => "",
            invoke: async ({ input }: Invocation) => {
                ran.push({
                    at: clock.now(),
                    timer: JSON.parse(input?.json ?? "null") as (typeof ran)[number]["timer"],
                });
                return { returnValue: await invoke?.() };
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
        // Source: TimerListener.cs of azure-webjobs-sdk-extensions, StartAsync, whose status begins with default(DateTime).
        assert.deepEqual(
            ran.slice(0, 2).map(({ timer }) => [timer.ScheduleStatus?.Last, timer.ScheduleStatus?.Next]),
            [
                ["0001-01-01T00:00:00+00:00", iso(began + 10 * minute)],
                [iso(began + 10 * minute), iso(began + 20 * minute)],
            ],
        );
    });

    // Source: TimerListener.cs of azure-webjobs-sdk-extensions, InvokeJobFunction and StartTimer.
    it("counts from the beginning of a run, so it makes up once for the times that a long run takes", async () => {
        const began = clock.now();
        let finish: () => void = () => undefined;
        await start({ schedule: "%Every%" }, () => new Promise((resolve) => (finish = () => resolve(undefined))));
        await clock.advance(10 * minute);
        await clock.advance(25 * minute);
        assert.equal(ran.length, 1);
        finish();
        await clock.advance(0);
        finish();
        await clock.advance(5 * minute);
        assert.deepEqual(
            ran.map(({ at }) => (at - began) / minute),
            [10, 35, 40],
        );
    });

    it("goes on with the rest of an interval after a restart", async () => {
        const began = clock.now();
        await start({ schedule: "01:00:00" });
        await clock.advance(45 * minute);
        await start({ schedule: "01:00:00" });
        await clock.advance(15 * minute);
        assert.deepEqual(
            ran.map(({ at, timer }) => [(at - began) / minute, timer.IsPastDue]),
            [[60, false]],
        );
    });

    // Source: ScheduleMonitor.cs of azure-webjobs-sdk-extensions, CheckPastDueAsync.
    it("makes up for its first run too", async () => {
        await start({ schedule: "%Every%" });
        stop();
        await clock.advance(11 * minute);
        await start({ schedule: "%Every%" });
        await clock.advance(0);
        assert.deepEqual(
            ran.map(({ timer }) => timer.IsPastDue),
            [true],
        );
    });

    it("makes up for nothing after its schedule has changed, and keeps the new one", async () => {
        const began = clock.now();
        await start({ schedule: "%Every%" });
        await clock.advance(10 * minute);
        stop();
        await clock.advance(60 * minute);
        await start({ schedule: "0 */30 * * * *" });
        await clock.advance(0);
        assert.equal(ran.length, 1);
        stop();
        await clock.advance(25 * minute);
        await start({ schedule: "0 */30 * * * *" });
        await clock.advance(0);
        assert.deepEqual(
            ran.map(({ at, timer }) => [(at - began) / minute, timer.IsPastDue]),
            [
                [10, false],
                [95, true],
            ],
        );
    });

    it("makes up for a schedule that is frequent at times only", async () => {
        // Source: TimerSchedule.cs of azure-webjobs-sdk-extensions, ShouldDisableScheduleMonitor.
        const schedule = "*/30 0-5 * * * *";
        await start({ schedule });
        stop();
        await clock.advance(minute);
        await start({ schedule });
        await clock.advance(0);
        assert.deepEqual(
            ran.map(({ timer }) => timer.IsPastDue),
            [true],
        );
    });

    it("starts with a schedule that never comes", async () => {
        for (let restart = 0; restart < 2; restart++) {
            await start({ schedule: "0 0 0 30 2 *" });
            await clock.advance(minute);
        }
        assert.equal(ran.length, 0);
    });

    // The zone itself is a matter of the process's environment: test/emulator/functions/rules.test.ts.
    const zones: [zone: string, plan: Plan, warning: RegExp][] = [
        ["Asia/Tokyo", { sku: "Dedicated" }, /^$/],
        ["Asia/Tokyo", { sku: "ElasticPremium", isLinux: true }, /^$/],
        ["", { sku: "FlexConsumption" }, /^$/],
        [
            "Asia/Tokyo",
            { sku: "FlexConsumption" },
            /^warning: .*no effect on plan FlexConsumption on Linux, as on Azure/,
        ],
        ["Asia/Tokyo", { sku: "Dynamic", isLinux: true }, /no effect on plan Dynamic on Linux/],
        [
            "Tokyo Standard Time",
            { sku: "Dynamic", isLinux: false },
            /is 'Tokyo Standard Time', which names a zone of Windows/,
        ],
        [
            "Tokyo Standard Time",
            { sku: "Dedicated" },
            /which the tz database does not have\. It must be a name such as/,
        ],
    ];
    for (const [zone, plan, warning] of zones) {
        it(`${warning.source === "^$" ? "obeys" : "warns of"} the zone '${zone}' on ${JSON.stringify(plan)}`, async () => {
            await start({ schedule: "0 0 0 1 1 *" }, undefined, { plan, settings: { WEBSITE_TIME_ZONE: zone } });
            assert.match(logged.join("\n"), warning);
        });
    }

    // Source: CoreExtensionsScriptBindingProvider.cs of azure-functions-host.
    for (const [given, runs] of [
        [{ runOnStartup: "true" }, 1],
        [{ runOnStartup: 1 }, 1],
        [{ runOnStartup: " False " }, 0],
        [{ runOnStartup: 0 }, 0],
        [{}, 0],
    ] as const) {
        it(`runs ${runs} times at start with ${JSON.stringify(given)}`, async () => {
            await start({ schedule: "%Every%", ...given });
            await clock.advance(0);
            assert.equal(ran.length, runs);
        });
    }

    it("fires at start when told to", async () => {
        await start({ schedule: "%Every%", runOnStartup: true });
        await clock.advance(0);
        assert.deepEqual(
            ran.map(({ timer }) => timer.IsPastDue),
            [false],
        );
    });

    it("tells the time of its last run, with a fraction where there is one", async () => {
        await clock.advance(250);
        await start({ schedule: "01:00:00", runOnStartup: true });
        await clock.advance(60 * minute);
        assert.match(ran[1]!.timer.ScheduleStatus?.Last ?? "", /T\d\d:\d\d:\d\d\.25\+00:00$/);
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

    // Source: GetMetadataValue of ScriptBindingContext.cs of azure-functions-host.
    const starts: [trigger: Record<string, unknown>, runs: number][] = [
        [{ schedule: "%Every%" }, 0],
        [{ Schedule: "%Every%", RUNONSTARTUP: "True" }, 1],
        [{ schedule: "%Every%", runOnStartup: 1 }, 1],
        [{ schedule: "%Every%", runOnStartup: " false " }, 0],
    ];
    for (const [trigger, runs] of starts) {
        it(`runs ${runs} times when a host starts with ${JSON.stringify(trigger)}`, async () => {
            await start(trigger);
            await clock.advance(0);
            assert.equal(ran.length, runs);
        });
    }

    for (const more of [{ runOnStartup: "yes" }, { useMonitor: [] }, { UseMonitor: "" }]) {
        it(`puts a function with ${JSON.stringify(more)} in error`, () => {
            const fn = { trigger: { schedule: "%Every%", ...more } } as unknown as HostFunction;
            const settings = createSettings({ Every: "0 */10 * * * *" });
            assert.throws(
                () => timerExtension.check?.({ fn, settings, plan: { sku: "Dedicated" } }),
                /Invalid value specified for binding property '(runOnStartup|useMonitor)' of type Boolean/,
            );
        });
    }

    for (const trigger of [
        { schedule: "%Every%", useMonitor: "False" },
        { schedule: "%Every%", useMonitor: false },
        { schedule: "*/30 * * * * *" },
    ]) {
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
