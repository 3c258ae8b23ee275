import path from "node:path";
import { isRecord, readKeptJson, writePrivateJsonFile } from "../../../../core/persistence";

/** Last and next run of a timer, in milliseconds since the epoch. Stored, so that the next host notices a missed run. */
export interface TimerStatus {
    last: number;
    next: number;
    lastUpdated: number;
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

export function writeStatus({ status, ...address }: StatusAddress & { status: TimerStatus }): void {
    writePrivateJsonFile(statusFile(address), status);
}

function statusFile({ folder, name }: StatusAddress): string {
    return path.join(folder, "timers", `${encodeURIComponent(name)}.json`);
}

function isStatus(value: unknown): boolean {
    return isRecord(value) && typeof value.last === "number" && typeof value.next === "number";
}
