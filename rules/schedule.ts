import type { Plan } from "./plan";
import { parseTimeSpan } from "./timeSpan";

/** When a timer runs: on the values of six fields, or after each interval of milliseconds. */
export type TimerSchedule = { kind: "cron"; fields: CronFields } | { kind: "interval"; milliseconds: number };

/** The values of seconds, minutes, hours, days, months and days of the week. */
export type CronFields = readonly [number[], number[], number[], number[], number[], number[]];

interface FieldKind {
    name: string;
    min: number;
    max: number;
    /** The names of the values, from `min` on. */
    names?: readonly string[];
}

const months = "January February March April May June July August September October November December".split(" ");
const weekdays = "Sunday Monday Tuesday Wednesday Thursday Friday Saturday".split(" ");
const kinds: readonly FieldKind[] = [
    { name: "Second", min: 0, max: 59 },
    { name: "Minute", min: 0, max: 59 },
    { name: "Hour", min: 0, max: 23 },
    { name: "Day", min: 1, max: 31 },
    { name: "Month", min: 1, max: 12, names: months },
    { name: "DayOfWeek", min: 0, max: 6, names: weekdays },
];

/**
 * Reads the schedule of a timer trigger as the host does: NCRONTAB in six fields, seconds first, or in five; else a time span.
 * Throws in the host's words. Sources: TimerSchedule.cs and CronSchedule.cs of azure-webjobs-sdk-extensions, and
 * CoreExtensionsScriptBindingProvider.cs of azure-functions-host for Consumption on Windows. That a time span needs an App
 * Service plan is from learn, azure-functions/functions-bindings-timer.
 */
export function readSchedule(text: string, plan: Plan = { sku: "Dedicated" }): TimerSchedule {
    const words = wordsOf(text);
    const cron = words.length === 5 ? parseCron(["0", ...words]) : parseCron(words);
    const isWindowsConsumption = plan.sku === "Dynamic" && plan.isLinux === false;
    if (isWindowsConsumption && (words.length !== 6 || typeof cron === "string")) {
        throw new Error(
            `'${text}' is not a valid CRON expression.${typeof cron === "string" && words.length === 6 ? ` ${cron}` : ""}`,
        );
    }
    if (typeof cron !== "string") {
        return { kind: "cron", fields: cron };
    }
    const milliseconds = parseTimeSpan(text);
    if (milliseconds === undefined) {
        const reason = words.length === 5 || words.length === 6 ? ` ${cron}` : "";
        throw new Error(
            `The schedule expression '${text}' was not recognized as a valid cron expression or timespan string.${reason}`,
        );
    }
    if (plan.sku !== "Dedicated") {
        throw new Error(
            `The schedule expression '${text}' is a time span, which runs on a Dedicated plan only, and the plan is ${plan.sku}. ` +
                "Write it as a CRON expression of six fields, such as '0 */5 * * * *'.",
        );
    }
    if (milliseconds <= 0) {
        throw new Error(`The schedule expression '${text}' must be a time span longer than zero.`);
    }
    return { kind: "interval", milliseconds };
}

/** NCrontab separates fields by spaces, not by tabs or line breaks. */
function wordsOf(text: string): string[] {
    return text.split(" ").filter((word) => word !== "");
}

/** The values of six fields, or the first fault in NCrontab's words. Source: CrontabFieldImpl.cs and CrontabField.cs of atifaziz/NCrontab. */
function parseCron(words: readonly string[]): CronFields | string {
    if (words.length !== kinds.length) {
        return "It must contain 6 components of a schedule in the sequence of seconds, minutes, hours, days, months, and days of week.";
    }
    const fields = kinds.map((kind, index) => parseField(words[index] ?? "", kind));
    return fields.find((field) => typeof field === "string") ?? (fields as unknown as CronFields);
}

function parseField(text: string, kind: FieldKind): number[] | string {
    const values = new Set<number>();
    // A comma in the first place separates nothing.
    for (const item of text.indexOf(",") > 0 ? text.split(",") : [text]) {
        const found = parseItem(item, kind);
        if (typeof found === "string") {
            return found;
        }
        for (const value of found) {
            values.add(value);
        }
    }
    return [...values].sort((left, right) => left - right);
}

function parseItem(item: string, kind: FieldKind): number[] | string {
    const invalid = `'${item}' is not a valid [${kind.name}] crontab field expression.`;
    const slash = item.indexOf("/");
    const step = slash > 0 ? toInteger(item.slice(slash + 1)) : 1;
    if (step === undefined) {
        return invalid;
    }
    const range = slash > 0 ? item.slice(0, slash) : item;
    if (range === "*") {
        return everyOf({ from: kind.min, to: kind.max, step, kind });
    }
    const dash = range.indexOf("-");
    const first = toValue(dash > 0 ? range.slice(0, dash) : range, kind);
    const last = dash > 0 ? toValue(range.slice(dash + 1), kind) : slash > 0 ? kind.max : first;
    if (first === undefined || last === undefined) {
        return invalid;
    }
    return everyOf({ from: Math.min(first, last), to: Math.max(first, last), step, kind });
}

function everyOf(options: { from: number; to: number; step: number; kind: FieldKind }): number[] | string {
    const { from, to, kind } = options;
    const allowed = `Value must be between ${kind.min} and ${kind.max} (all inclusive).`;
    if (from < kind.min) {
        return `${from} is lower than the minimum allowable value for the [${kind.name}] field. ${allowed}`;
    }
    if (to > kind.max) {
        return `${to} is higher than the maximum allowable value for the [${kind.name}] field. ${allowed}`;
    }
    const step = Math.max(1, options.step);
    return Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, index) => from + index * step);
}

/** A number, or a name of a month or a weekday, of which the first letters are enough. */
function toValue(text: string, { min, names }: FieldKind): number | undefined {
    if (/^\d/.test(text)) {
        return toInteger(text);
    }
    const index =
        text === "" ? -1 : (names ?? []).findIndex((name) => name.toLowerCase().startsWith(text.toLowerCase()));
    return index < 0 ? undefined : index + min;
}

function toInteger(text: string): number | undefined {
    return /^\s*[-+]?\d{1,9}\s*$/.test(text) ? Number(text) : undefined;
}
