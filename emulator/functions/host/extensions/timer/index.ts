import type { Plan } from "../../../../../rules/plan";
import { readTimer } from "../../../../../rules/triggers";
import { messageOf } from "../../../../core/errors";
import { formatDate } from "../../bindings/dotnet";
import { resolveSettings, type Settings } from "../../settings";
import type { Extension, ExtensionHost, HostFunction, RunningExtension } from "../extension";
import { parseSchedule, type Schedule } from "./schedule";
import { readStatus, resume, type TimerStatus, writeStatus } from "./status";

/** Timer trigger: NCRONTAB expressions and time spans. */
export const timerExtension: Extension = {
    name: "Timers",
    types: ["timertrigger"],
    check: (options) => void scheduleOf(options),
    start: async (host) => {
        warnOfTimeZone(host);
        return startTimers(host);
    },
};

// setTimeout cannot wait longer.
const longestWait = 2 ** 31 - 1;

interface Timer {
    fn: HostFunction;
    schedule: Schedule;
    /** Whether its status is stored. */
    monitored: boolean;
    status: TimerStatus;
}

/** Why a timer runs: its time has come, has passed while no host ran, or the function runs at each start. */
type Reason = "due" | "pastDue" | "startup";

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

    /** Source: TimerListener.cs of azure-webjobs-sdk-extensions, InvokeJobFunction: the next run is counted from the beginning of this one. */
    async function run(timer: Timer, reason: Reason): Promise<void> {
        const { fn, schedule, monitored } = timer;
        const began = host.clock.now();
        const status = monitored ? timer.status : undefined;
        try {
            const data = { TimerTrigger: formatDate(new Date(began), "G") };
            const input = timerInput({ schedule, status, isPastDue: reason === "pastDue" });
            await host.invoke({ fn, input, data });
        } catch {
            // The invocation logs the failure, and the schedule continues.
        }
        // A clock may fire a little early. Counted from there, the same time would come again.
        const at = reason === "due" ? Math.max(began, timer.status.next) : began;
        timer.status = { last: at, next: schedule.next(at), lastUpdated: at };
        if (monitored) {
            writeStatus({ folder: host.stateFolder, name: fn.name, status: timer.status });
        }
    }

    function plan(timer: Timer): void {
        if (!stopped) {
            wait(timer.status.next, () => runAndPlan(timer, "due"));
        }
    }

    /** Runs a timer and plans its next run. A failure of either is logged, because nobody else would hear of it. */
    function runAndPlan(timer: Timer, reason: Reason): void {
        const report = (error: unknown): void =>
            host.log("error", `Timer function '${timer.fn.name}': ${messageOf(error)}`);
        run(timer, reason)
            .catch(report)
            .then(() => plan(timer))
            .catch(report);
    }

    /** Begins a timer, at once where it has missed a run or is to run at each start. */
    function begin(timer: Timer): void {
        const { fn, schedule } = timer;
        const address = { folder: host.stateFolder, name: fn.name };
        let isPastDue = false;
        if (timer.monitored) {
            const kept = readStatus(address);
            const resumed = resume({ kept, next: schedule.next, now: host.clock.now() });
            isPastDue = resumed.isPastDue;
            // The first run is told of no time before it.
            timer.status = kept === undefined ? { next: resumed.status.next } : resumed.status;
            if (resumed.hasChanged) {
                writeStatus({ ...address, status: resumed.status });
            }
        }
        if (isPastDue || (host.isSameHost !== true && readTimer(fn.trigger).runOnStartup)) {
            runAndPlan(timer, isPastDue ? "pastDue" : "startup");
        } else {
            plan(timer);
        }
    }

    return {
        addFunction(fn) {
            const schedule = scheduleOf({ fn, ...host });
            const monitored = readTimer(fn.trigger).useMonitor && !schedule.isFrequent;
            timers.push({ fn, schedule, monitored, status: { next: schedule.next(host.clock.now()) } });
        },
        begin() {
            for (const timer of timers) {
                begin(timer);
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

/** Says why timers do not run in the zone that a setting names. The platform sets the process's zone where they do. */
function warnOfTimeZone({ settings, plan, log }: ExtensionHost): void {
    const zone = settings.get("WEBSITE_TIME_ZONE") ?? "";
    const start = `App setting WEBSITE_TIME_ZONE is '${zone}'`;
    const end = "Timers run in universal time.";
    if (zone === "") {
        return;
    }
    if (plan.isLinux === false) {
        log("warning", `${start}, which names a zone of Windows, and this host knows none of them. ${end}`);
    } else if (plan.sku === "Dynamic" || plan.sku === "FlexConsumption") {
        log("warning", `${start}, which has no effect on plan ${plan.sku} on Linux, as on Azure. ${end}`);
    } else if (!isTimeZone(zone)) {
        log(
            "warning",
            `${start}, which the tz database does not have. It must be a name such as 'Europe/Berlin'. ${end}`,
        );
    }
}

function isTimeZone(name: string): boolean {
    try {
        return new Intl.DateTimeFormat("en", { timeZone: name }) !== undefined;
    } catch {
        return false;
    }
}

/** The schedule of a timer, with its settings in it. Throws in the host's words when the host does not take it. */
function scheduleOf({ fn, settings, plan }: { fn: HostFunction; settings: Settings; plan: Plan }): Schedule {
    return parseSchedule(resolveSettings({ text: readTimer(fn.trigger).schedule, settings }), plan);
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

/** A moment as Newtonsoft.Json writes it: no zeros at the end of a fraction, and .NET's first moment for none. */
function iso(time: number | undefined): string {
    if (time === undefined || !Number.isFinite(time)) {
        return "0001-01-01T00:00:00+00:00";
    }
    const [seconds, fraction] = new Date(time).toISOString().slice(0, -1).split(".");
    return `${seconds}${String(Number(`0.${fraction}`)).slice(1)}+00:00`;
}
