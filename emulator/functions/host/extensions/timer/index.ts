import type { Plan } from "../../../../../rules/plan";
import { messageOf } from "../../../../core/errors";
import { formatDate } from "../../bindings/dotnet";
import { resolveSettings, type Settings } from "../../settings";
import type { Extension, ExtensionHost, HostFunction, RunningExtension } from "../extension";
import { parseSchedule, type Schedule } from "./schedule";
import { readStatus, type TimerStatus, writeStatus } from "./status";

/** Timer trigger: NCRONTAB expressions and time spans. */
export const timerExtension: Extension = {
    name: "Timers",
    types: ["timertrigger"],
    check: (options) => void scheduleOf(options),
    start: async (host) => startTimers(host),
};

// setTimeout cannot wait longer.
const longestWait = 2 ** 31 - 1;

interface Timer {
    fn: HostFunction;
    schedule: Schedule;
    /** Whether its status is stored. */
    monitored: boolean;
}

function startTimers(host: ExtensionHost): RunningExtension {
    const timers: Timer[] = [];
    const cancels = new Set<() => void>();
    let stopped = false;

    function wait(at: number, then: () => void): void {
        const milliseconds = Math.max(0, at - host.clock.now());
        const cancel = host.clock.after(Math.min(milliseconds, longestWait), () => {
            cancels.delete(cancel);
            if (milliseconds > longestWait) {
                wait(at, then);
            } else {
                then();
            }
        });
        cancels.add(cancel);
    }

    async function run(timer: Timer, isPastDue: boolean): Promise<void> {
        const { fn, schedule, monitored } = timer;
        const status = readStatus({ folder: host.stateFolder, name: fn.name });
        try {
            const data = { TimerTrigger: formatDate(new Date(host.clock.now()), "G") };
            await host.invoke({ fn, input: timerInput({ schedule, status, isPastDue }), data });
        } catch {
            // The invocation logs the failure, and the schedule continues.
        }
        const now = host.clock.now();
        if (monitored) {
            const next = schedule.next(now);
            writeStatus({ folder: host.stateFolder, name: fn.name, status: { last: now, next, lastUpdated: now } });
        }
    }

    function plan(timer: Timer): void {
        if (stopped) {
            return;
        }
        wait(timer.schedule.next(host.clock.now()), () => runAndPlan(timer, false));
    }

    /** Runs a timer and plans its next run. A failure of either is logged, because nobody else would hear of it. */
    function runAndPlan(timer: Timer, isPastDue: boolean): void {
        const report = (error: unknown): void =>
            host.log("error", `Timer function '${timer.fn.name}': ${messageOf(error)}`);
        run(timer, isPastDue)
            .catch(report)
            .then(() => plan(timer))
            .catch(report);
    }

    return {
        addFunction(fn) {
            const schedule = scheduleOf({ fn, ...host });
            timers.push({ fn, schedule, monitored: isMonitored({ fn, schedule, now: host.clock.now() }) });
        },
        begin() {
            for (const timer of timers) {
                const status = readStatus({ folder: host.stateFolder, name: timer.fn.name });
                const isPastDue = timer.monitored && status !== undefined && status.next <= host.clock.now();
                if (isPastDue || timer.fn.trigger.runOnStartup === true) {
                    runAndPlan(timer, isPastDue);
                } else {
                    plan(timer);
                }
            }
        },
        stop() {
            stopped = true;
            for (const cancel of cancels) {
                cancel();
            }
        },
    };
}

/** The schedule of a timer, with its settings in it. Throws in the host's words when the host does not take it. */
function scheduleOf({ fn, settings, plan }: { fn: HostFunction; settings: Settings; plan: Plan }): Schedule {
    const text = String(fn.trigger.schedule ?? "");
    return parseSchedule(resolveSettings({ text, settings }), plan);
}

/** Whether a missed run is repeated. It is not for timers that run again within a minute. */
function isMonitored(options: { fn: HostFunction; schedule: Schedule; now: number }): boolean {
    const first = options.schedule.next(options.now);
    return options.fn.trigger.useMonitor !== false && options.schedule.next(first) - first >= 60_000;
}

function timerInput(options: { schedule: Schedule; status: TimerStatus | undefined; isPastDue: boolean }) {
    const { schedule, status, isPastDue } = options;
    return {
        json: JSON.stringify({
            Schedule: schedule.description,
            ScheduleStatus:
                status === undefined
                    ? null
                    : { Last: iso(status.last), LastUpdated: iso(status.lastUpdated), Next: iso(status.next) },
            IsPastDue: isPastDue,
        }),
    };
}

function iso(time: number): string {
    return new Date(time).toISOString().replace("Z", "+00:00");
}
