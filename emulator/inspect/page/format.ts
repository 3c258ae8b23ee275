import type { InspectEvent, Kind } from "./types";

export const kindNames: Record<Kind, string> = {
    connection: "connection",
    clientEvent: "client event",
    upstream: "upstream",
    function: "function",
    log: "log",
    answer: "answer",
    ack: "ack",
    broadcast: "broadcast",
    rest: "REST call",
    negotiate: "negotiate",
    http: "HTTP",
    why: "why not",
    deployment: "deployment",
    fault: "broken on purpose",
};

const pad = (value: number, digits = 2) => String(value).padStart(digits, "0");

/** `14:03:07.042` in the browser's time zone. */
export function formatTime(milliseconds: number): string {
    const date = new Date(milliseconds);
    const seconds = `${pad(date.getSeconds())}.${pad(date.getMilliseconds(), 3)}`;
    return `${pad(date.getHours())}:${pad(date.getMinutes())}:${seconds}`;
}

/** How many events are missing in the list, in the words of a person. */
export function formatLost({ lost, lostMore }: { lost: number; lostMore: boolean }): string {
    const count = lost.toLocaleString("en");
    return lost === 0 ? "Some missing" : lostMore ? `More than ${count} missing` : `${count} missing`;
}

export function formatDuration(milliseconds: number): string {
    if (milliseconds < 10) {
        return `${milliseconds.toFixed(1)} ms`;
    }
    if (milliseconds < 1000) {
        return `${Math.round(milliseconds)} ms`;
    }
    return milliseconds < 60_000 ? `${(milliseconds / 1000).toFixed(1)} s` : formatAge(milliseconds);
}

/** `12 s`, `5 min`, `3 h 20 min`, `2 d 4 h`. */
export function formatAge(milliseconds: number): string {
    const seconds = Math.max(0, Math.floor(milliseconds / 1000));
    const minutes = Math.floor(seconds / 60);
    const hours = Math.floor(minutes / 60);
    if (minutes === 0) {
        return `${seconds} s`;
    }
    if (hours === 0) {
        return `${minutes} min`;
    }
    return hours < 24 ? `${hours} h ${minutes % 60} min` : `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

export function formatBytes(bytes: number): string {
    if (bytes < 1000) {
        return `${bytes} B`;
    }
    return bytes < 1_000_000 ? `${(bytes / 1000).toFixed(1)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}

export const formatCount = (count: number, one: string, many = `${one}s`): string =>
    `${count.toLocaleString("en")} ${count === 1 ? one : many}`;

/** Indents JSON. Text that is no complete JSON, such as a payload that was cut, stays as it is. */
export function formatData({ data = "", dataType }: Pick<InspectEvent, "data" | "dataType">): string {
    if (dataType === "binary") {
        return data;
    }
    try {
        return JSON.stringify(JSON.parse(data), null, 2);
    } catch {
        return data;
    }
}

/** The end of a long id, which tells ids apart better than their start. */
export const shortId = (id: string): string => (id.length > 12 ? `…${id.slice(-10)}` : id);

/** The name of an event. An upstream call's is its method and address, whose host the detail shows. */
export const shownName = ({ name }: InspectEvent): string => name.replace(/^([A-Z]+ )https?:\/\/[^/]+/, "$1");

/** Kinds in which the app works until it answers, and may make calls of its own. */
export const answered = new Set(["function", "upstream", "http"]);

export const isRunning = ({ kind, duration, outcome }: InspectEvent): boolean =>
    duration === undefined && outcome === undefined && answered.has(kind);

/** The outcome in one or two words. */
export function formatResult(event: InspectEvent): string {
    const { kind, count, status, outcome, bytes } = event;
    if (kind === "broadcast" && count !== undefined) {
        return count === 0 ? "to nobody" : `to ${formatCount(count, "client")}`;
    }
    if (status !== undefined) {
        return String(status);
    }
    if (outcome === "failed") {
        return "failed";
    }
    if (isRunning(event)) {
        return "running";
    }
    return bytes === undefined ? "" : formatBytes(bytes);
}
