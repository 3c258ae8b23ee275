import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import { encodePart } from "../../../../core/encodePart";
import type { ReadAnswer } from "../../../../core/fetchOnce";
import type { ExtensionHost } from "../extension";
import { callDataPlane, type DataPlaneCall } from "../service/dataPlane";
import type { SignalRConnection } from "./connection";

const apiVersion = "2022-06-01";

/** Name of this app in its tokens, in the form of the vendor's SDK. */
const serverName = `${hostname()}_${randomUUID().replaceAll("-", "")}`;

/** A hub's name in paths and queries. */
export function hubSegment(hub: string): string {
    return encodePart(hub.toLowerCase());
}

/** Calls the service's data plane. Rejects with the status and message of a refusal. */
export function callService(options: {
    connection: SignalRConnection;
    call: DataPlaneCall;
    host: Pick<ExtensionHost, "fetch" | "clock">;
}): Promise<ReadAnswer> {
    const { connection, call, host } = options;
    const { endpoint, serverEndpoint, credential } = connection;
    const claims = { nameid: serverName };
    const { fetch, clock } = host;
    return callDataPlane({ endpoint, serverEndpoint, credential, apiVersion, fetch, now: clock.now, claims, call });
}
