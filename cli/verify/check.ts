import type { ServiceName } from "../services";
import type { Deployed } from "./deployed";

export type CheckName = "negotiation" | "webhook" | "listeners" | "hubs" | "client" | "role" | "bundle";

export interface Finding {
    check: CheckName;
    status: "passed" | "failed" | "skipped";
    /** The result, and how to fix a failure. Contains no key or token. */
    message: string;
}

/** The values that a client needs to connect. */
export interface Negotiated {
    service: ServiceName;
    /** Address to connect to. For Web PubSub it contains the token. */
    url: string;
    /** Engine.IO path, for Socket.IO. */
    path?: string;
    token: string;
}

/** Input of every check. */
export interface CheckContext {
    deployed: Deployed;
    /** Undefined when the negotiation failed. */
    negotiated?: Negotiated;
    /** User event for the client to send; undefined sends none. */
    event?: { name: string; data: unknown[] };
    /** Longest wait for an answer. */
    milliseconds: number;
    fetch: typeof fetch;
}

/** A check failed. The message tells the user why. */
export class CheckError extends Error {
    override readonly name = "CheckError";
}

/** A check cannot run, because an input is missing. The message tells the user which one. */
export class SkippedError extends Error {
    override readonly name = "SkippedError";
}

/** The service, from the negotiation or else from the stack. */
export function requireService({ deployed, negotiated }: CheckContext): ServiceName {
    const service = negotiated?.service ?? deployed.service;
    if (service === undefined) {
        throw new SkippedError("Without a negotiation, the service is unknown. Name the service with --service.");
    }
    return service;
}
