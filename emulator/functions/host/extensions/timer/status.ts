import path from "node:path";
import { isRecord, readKeptJson, writePrivateJsonFile } from "../../../../core/persistence";

/** Last and next run of a timer, in milliseconds since the epoch. Stored, so that the next host notices a missed run. */
export interface TimerStatus {
    /** Undefined before the first run, and after the schedule has changed. */
    last?: number;
    next: number;
    /** The time from which `next` is counted. */
    lastUpdated?: number;
}

interface StatusAddress {
    folder: string;
    name: string;
}

export function readStatus(address: StatusAddress): TimerStatus | undefined {
    return readKeptJson<TimerStatus>({
        path: statusFile(address),
        faultOf: (value) => (isStatus(value) ? undefined : "it has no times"),
        wayOut: "Delete the file: the timer then begins anew.",
    });
}

/** Keeps a status, unless the timer never runs again. */
export function writeStatus({ status, ...address }: StatusAddress & { status: TimerStatus }): void {
    if (Number.isFinite(status.next)) {
        writePrivateJsonFile(statusFile(address), status);
    }
}

/**
 * The status with which a monitored timer starts, and whether it has missed a run. Another schedule than the one before has missed none.
 * Source: ScheduleMonitor.cs of azure-webjobs-sdk-extensions, CheckPastDueAsync.
 */
export function resume(options: { kept: TimerStatus | undefined; next: (time: number) => number; now: number }): {
    status: TimerStatus;
    isPastDue: boolean;
    hasChanged: boolean;
} {
    const { kept, next, now } = options;
    if (kept === undefined) {
        return { status: { next: next(now), lastUpdated: now }, isPastDue: false, hasChanged: true };
    }
    const counted = kept.last ?? kept.lastUpdated ?? now;
    const expected = next(counted);
    if (kept.next === expected) {
        return { status: kept, isPastDue: now > kept.next, hasChanged: false };
    }
    const lastUpdated = now > expected ? now : counted;
    return { status: { next: next(lastUpdated), lastUpdated }, isPastDue: false, hasChanged: true };
}

function statusFile({ folder, name }: StatusAddress): string {
    return path.join(folder, "timers", `${encodeURIComponent(name)}.json`);
}

function isStatus(value: unknown): boolean {
    const isTime = (time: unknown) => time === undefined || typeof time === "number";
    return isRecord(value) && typeof value.next === "number" && isTime(value.last) && isTime(value.lastUpdated);
}
