import type { LogLevel } from "../../core/log";

export type HostLog = (level: LogLevel, message: string) => void;

/** The words of an error, whatever was thrown. */
export function messageOf(error: unknown): string {
    if (error instanceof Error) {
        return error.cause === undefined ? error.message : `${error.message}: ${messageOf(error.cause)}`;
    }
    return typeof error === "object" && error !== null && "message" in error ? String(error.message) : String(error);
}
