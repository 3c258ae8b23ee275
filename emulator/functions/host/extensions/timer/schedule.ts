import { Cron } from "croner";
import type { Plan } from "../../../../../rules/plan";
import { type CronFields, readSchedule } from "../../../../../rules/schedule";

/** When a timer fires. */
export interface Schedule {
    /** The first moment after `time`, in milliseconds since the epoch. Infinite when there is none. */
    next(time: number): number;
    /** Whether it fires more than once a minute, all the time. Its missed runs are not made up for. */
    isFrequent: boolean;
    /** Schedule in the function's timer object. */
    description: { AdjustForDST: boolean };
}

// The last moment that a JavaScript date can tell.
const lastMoment = 8_640_000_000_000_000;

/** Reads the schedule of a timer. Times are in the process's time zone. Throws in the host's words when the plan's host would not take it. */
export function parseSchedule(text: string, plan: Plan = { sku: "Dedicated" }): Schedule {
    const schedule = readSchedule(text, plan);
    if (schedule.kind === "interval") {
        const { milliseconds } = schedule;
        return {
            next: (time) => time + milliseconds,
            isFrequent: milliseconds < 60_000,
            description: { AdjustForDST: false },
        };
    }
    const cron = new Cron(schedule.fields.map(listOf).join(" "), { paused: true, domAndDow: true, mode: "6-part" });
    return {
        next(time) {
            // A date such as 30 February never comes.
            const at = time > lastMoment ? null : cron.nextRun(new Date(time));
            return at === null ? Number.POSITIVE_INFINITY : at.getTime();
        },
        // Source: TimerSchedule.cs of azure-webjobs-sdk-extensions, ShouldDisableScheduleMonitor.
        isFrequent: schedule.fields.every((values, index) =>
            index === 0 ? values.length > 1 : listOf(values, index) === "*",
        ),
        description: { AdjustForDST: true },
    };
}

/** How many values each field can have. */
const wholeFields = [60, 60, 24, 31, 12, 7];

function listOf(values: CronFields[number], index: number): string {
    return values.length === wholeFields[index] ? "*" : values.join(",");
}
