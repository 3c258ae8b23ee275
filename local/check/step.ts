import assert from "node:assert/strict";
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
            const response = await fetch(pageUrl);
            assert.equal(response.status, 200, `the page answers ${response.status}`);
            assert.match(response.headers.get("content-type") ?? "", /^text\/html/);
            await response.text();
        },
    };
}

/** Negotiates with the app. Throws an error with status and body when the app refuses. */
export async function negotiate<T>(url: URL, init?: RequestInit): Promise<T> {
    const response = await fetch(url, init);
    if (!response.ok) {
        throw new Error(`negotiation answers ${response.status}: ${(await response.text()).slice(0, 200)}`);
    }
    return (await response.json()) as T;
}
