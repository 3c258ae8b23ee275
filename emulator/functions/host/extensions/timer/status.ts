import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parseIfJson } from "../../rpc";

/** When a timer ran and will run, in milliseconds since the epoch. It outlives the host, so that a missed run is noticed. */
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
    const file = statusFile(address);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, JSON.stringify(status));
}

function statusFile({ folder, name }: StatusAddress): string {
    return path.join(folder, "timers", `${encodeURIComponent(name)}.json`);
}

function isStatus(value: unknown): value is TimerStatus {
    const status = value as TimerStatus | null;
    return typeof status?.last === "number" && typeof status.next === "number";
}
