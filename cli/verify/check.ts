import type { Deployed } from "./deployed";
import type { Negotiated } from "./negotiation";

export type CheckName = "negotiation" | "webhook" | "client" | "role" | "bundle";

export interface Finding {
    check: CheckName;
    status: "passed" | "failed" | "skipped";
    /** What was found, and what to do about it when it is not right. Holds no key or token. */
    message: string;
}

/** What the checks share. */
export interface CheckContext {
    deployed: Deployed;
    /** Undefined when there was no negotiation to speak of. */
    negotiated?: Negotiated;
    /** A user event that the app answers; undefined asks for none. */
    event?: { name: string; data: unknown[] };
    /** How long an answer may take. */
    milliseconds: number;
    fetch: typeof fetch;
}

/** A question whose answer is no: the message is for people. */
export class CheckError extends Error {
    override readonly name = "CheckError";
}

/** A question that cannot be asked with what is known. */
export class SkippedError extends Error {
    override readonly name = "SkippedError";
}
