import assert from "node:assert/strict";
import { fetchOnce } from "../../emulator/core/fetchOnce";
import type { Fits, Seen } from "./inbox";

export interface CheckStep {
    /** The promise that the step checks. */
    title: string;
    run(): Promise<void>;
}

/** The chat that a script checks. */
export interface CheckStage {
    negotiateUrl: string;
    pageUrl: string;
    /** Longest wait for an answer. */
    milliseconds: number;
    /** Called for each event that reaches a client. */
    onSeen(client: string, seen: Seen): void;
}

/** The steps of a script, in order. Each step relies on the ones before it. */
export type CheckScript = (stage: CheckStage) => AsyncGenerator<CheckStep>;

export function field(args: unknown[], key: string): unknown {
    const [first] = args;
    return typeof first === "object" && first !== null ? (first as Record<string, unknown>)[key] : undefined;
}

/** Accepts an event whose first argument has these values. */
export function having(values: Record<string, unknown>): { fits: Fits } {
    return { fits: (args) => Object.entries(values).every(([key, value]) => field(args, key) === value) };
}

export function servesPage({ pageUrl }: CheckStage): CheckStep {
    return {
        title: "the app serves its page",
        async run() {
            const { status, headers } = await fetchOnce({ fetch, url: pageUrl });
            assert.equal(status, 200, `the page answers ${status}`);
            assert.match(headers.get("content-type") ?? "", /^text\/html/);
        },
    };
}

/** Negotiates with the app. Throws an error with status and body when the app refuses. */
export async function negotiate<T>(url: URL, init?: RequestInit): Promise<T> {
    const { ok, status, text } = await fetchOnce({ fetch, url, ...(init && { init }) });
    if (!ok) {
        throw new Error(`negotiation answers ${status}: ${text.slice(0, 200)}`);
    }
    return JSON.parse(text) as T;
}
