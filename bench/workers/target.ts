import type { SendCall } from "../load/fanOut";

/** A server that a load can be put on. */
export interface Target {
    /** Where clients connect. */
    url: string;
    /** How to send to everyone; where it is left out, a client does. */
    call?: SendCall;
}

export interface OpenOptions {
    /** The handler's address, which events go to. */
    handler: string;
}
