import type { Negotiated } from "../negotiation";

export interface ClientOptions {
    negotiated: Negotiated;
    event?: { name: string; data: unknown[] };
    milliseconds: number;
}

/** What a client lived through, in words: connected, acknowledged, disconnected. Throws a `CheckError` where it ended. */
export type Client = (options: ClientOptions) => Promise<string>;
