import assert from "node:assert/strict";
import type { Fits, Seen } from "./inbox";

export interface CheckStep {
    /** What is promised. */
    title: string;
    run(): Promise<void>;
}

/** Where a script plays: the addresses of one chat, and who looks on. */
export interface CheckStage {
    negotiateUrl: string;
    pageUrl: string;
    /** How long an answer may take. */
    milliseconds: number;
    onSeen(client: string, seen: Seen): void;
}

/** The steps of a script, in order; each needs those before it. */
export type CheckScript = (stage: CheckStage) => AsyncGenerator<CheckStep>;

export function field(args: unknown[], key: string): unknown {
    const [first] = args;
    return typeof first === "object" && first !== null ? (first as Record<string, unknown>)[key] : undefined;
}

/** Takes an event whose first argument has these values. */
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

/** What the app answers to who asks for a token; an error with words when it does not. */
export async function negotiate<T>(url: URL, init?: RequestInit): Promise<T> {
    const response = await fetch(url, init);
    if (!response.ok) {
        throw new Error(`negotiation answers ${response.status}: ${(await response.text()).slice(0, 200)}`);
    }
    return (await response.json()) as T;
}
