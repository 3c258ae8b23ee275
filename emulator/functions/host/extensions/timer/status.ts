import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { writePrivateJsonFile } from "../../../../core/persistence";
import { parseIfJson } from "../../rpc";

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
    const file = statusFile(address);
    if (!existsSync(file)) {
        return undefined;
    }
    const json = parseIfJson(readFileSync(file, "utf8"));
    return isStatus(json) ? json : undefined;
}

export function writeStatus({ status, ...address }: StatusAddress & { status: TimerStatus }): void {
    writePrivateJsonFile(statusFile(address), status);
}

function statusFile({ folder, name }: StatusAddress): string {
    return path.join(folder, "timers", `${encodeURIComponent(name)}.json`);
}

function isStatus(value: unknown): value is TimerStatus {
    const status = value as TimerStatus | null;
    return typeof status?.last === "number" && typeof status.next === "number";
}
