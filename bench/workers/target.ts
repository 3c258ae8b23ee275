import type { SendCall } from "../load/fanOut";

/** A server under load. */
export interface Target {
    /** URL for clients. */
    url: string;
    /** Sends a message to all clients. Without a call, a client sends it. */
    call?: SendCall;
}

export interface OpenOptions {
    /** Address of the handler that receives events. */
    handler: string;
    /** Whether an inspector records and another process reads its events. Defaults to false. */
    inspect?: boolean;
}
