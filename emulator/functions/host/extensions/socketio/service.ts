import { encodePart } from "../../../../core/encodePart";
import type { ReadAnswer } from "../../../../core/fetchOnce";
import type { ExtensionHost } from "../extension";
import { clientEndpoint } from "../service/connectionString";
import { callDataPlane, type DataPlaneCall, signToken } from "../service/dataPlane";
import type { SocketIOConnection } from "./connection";

export interface Negotiation {
    endpoint: string;
    path: string;
    token: string;
}

const apiVersion = "2024-12-01";
const clientTokenMinutes = 60;

/** Makes what a client needs to connect: an endpoint, a path, and a token that names its user. */
export async function negotiate(options: {
    connection: SocketIOConnection;
    hub: string;
    userId?: string;
    host: ExtensionHost;
}): Promise<Negotiation> {
    const { connection, hub, userId, host } = options;
    const path = `/clients/socketio/hubs/${hub}`;
    const { credential } = connection;
    const endpoint = clientEndpoint(connection.endpoint);
    if ("accessKey" in credential) {
        const token = signToken({
            accessKey: credential.accessKey,
            audience: `${endpoint}${path}`,
            seconds: clientTokenMinutes * 60,
            now: host.clock.now,
            ...(userId === undefined ? {} : { subject: userId }),
        });
        return { endpoint, path, token };
    }
    const { text } = await callService({
        connection,
        host,
        call: {
            method: "POST",
            path: `/api/hubs/${encodePart(hub)}/:generateToken`,
            query: {
                ...(userId === undefined || userId === "" ? {} : { userId }),
                minutesToExpire: String(clientTokenMinutes),
            },
        },
    });
    const { token } = JSON.parse(text) as { token: string };
    return { endpoint, path, token };
}

/** Calls the service's data plane. Rejects with the status and message of a refusal. */
export function callService(options: {
    connection: SocketIOConnection;
    call: DataPlaneCall;
    host: ExtensionHost;
}): Promise<ReadAnswer> {
    const { connection, call, host } = options;
    return callDataPlane({ ...connection, apiVersion, fetch: host.fetch, now: host.clock.now, call });
}
