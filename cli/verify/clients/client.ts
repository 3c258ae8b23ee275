import type { Negotiated } from "../check";

export interface ClientOptions {
    negotiated: Negotiated;
    event?: { name: string; data: unknown[] };
    milliseconds: number;
}

/** Connects, sends the event, and disconnects. Returns a sentence about these steps. Throws a `CheckError` for the failed one. */
export type Client = (options: ClientOptions) => Promise<string>;
