import { messageOf } from "../../../../core/errors";
import { resolveSettings } from "../../settings";
import type { Extension, ExtensionHost, HostFunction, RunningExtension } from "../extension";
import { parseSchedule, type Schedule } from "./schedule";
import { readStatus, type TimerStatus, writeStatus } from "./status";

/** Timer trigger: NCRONTAB expressions and time spans. */
export const timerExtension: Extension = {
    name: "Timers",
    types: ["timertrigger"],
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
            await host.invoke({ fn, input: timerInput({ schedule, status, isPastDue }), data: {} });
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
        wait(timer.schedule.next(host.clock.now()), () => {
            void run(timer, false).finally(() => plan(timer));
        });
    }

    return {
        addFunction(fn) {
            const text = String(fn.trigger.schedule ?? "");
            try {
                const schedule = parseSchedule(resolveSettings({ text, settings: host.settings }));
                timers.push({ fn, schedule, monitored: isMonitored({ fn, schedule, now: host.clock.now() }) });
            } catch (error) {
                throw new Error(`Timer function '${fn.name}': ${messageOf(error)}`);
            }
        },
        begin() {
            for (const timer of timers) {
                const status = readStatus({ folder: host.stateFolder, name: timer.fn.name });
                const isPastDue = timer.monitored && status !== undefined && status.next <= host.clock.now();
                if (isPastDue || timer.fn.trigger.runOnStartup === true) {
                    void run(timer, isPastDue).finally(() => plan(timer));
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
