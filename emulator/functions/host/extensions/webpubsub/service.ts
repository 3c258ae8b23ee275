import { encodePart } from "../../../../core/encodePart";
import type { ReadAnswer } from "../../../../core/fetchOnce";
import type { ExtensionHost } from "../extension";
import { clientEndpoint } from "../service/connectionString";
import { callDataPlane, type DataPlaneCall, signToken } from "../service/dataPlane";
import type { WebPubSubConnection } from "./connection";

/** What a client needs to connect. */
export interface ClientConnection {
    baseUrl: string;
    url: string;
    accessToken: string;
}

const apiVersion = "2024-12-01";
const clientTokenMinutes = 60;

/** Makes a client's URL and token. With an access key it signs the token; with an identity it requests one from the service. */
export async function negotiate(options: {
    connection: WebPubSubConnection;
    hub: string;
    userId?: string;
    /** Whether it is for MQTT clients, which the local service refuses when they connect. */
    isMqtt?: boolean;
    host: ExtensionHost;
}): Promise<ClientConnection> {
    const { connection, hub, host, isMqtt = false } = options;
    const userId = options.userId === "" ? undefined : options.userId;
    const address = `${clientEndpoint(connection.endpoint)}/${isMqtt ? "clients/mqtt" : "client"}/hubs/${hub}`;
    const baseUrl = address.replace(/^http/, "ws");
    const accessToken = await makeToken({ connection, hub, userId, host, audience: address, isMqtt });
    return { baseUrl, url: `${baseUrl}?access_token=${accessToken}`, accessToken };
}

async function makeToken(options: {
    connection: WebPubSubConnection;
    hub: string;
    userId: string | undefined;
    host: ExtensionHost;
    audience: string;
    isMqtt: boolean;
}): Promise<string> {
    const { connection, hub, userId, host, audience, isMqtt } = options;
    const { credential } = connection;
    if ("accessKey" in credential) {
        return signToken({
            accessKey: credential.accessKey,
            audience,
            seconds: clientTokenMinutes * 60,
            now: () => host.clock.now(),
            ...(userId === undefined ? {} : { subject: userId }),
        });
    }
    const query = {
        ...(userId === undefined ? {} : { userId }),
        minutesToExpire: String(clientTokenMinutes),
        ...(isMqtt && { clientType: "MQTT" }),
    };
    const path = `/api/hubs/${encodePart(hub)}/:generateToken`;
    const { text } = await callService({ connection, host, call: { method: "POST", path, query } });
    return (JSON.parse(text) as { token: string }).token;
}

/** Calls the service's data plane. Rejects with the status and message of a refusal. */
export function callService(options: {
    connection: WebPubSubConnection;
    call: DataPlaneCall;
    host: ExtensionHost;
}): Promise<ReadAnswer> {
    const { connection, call, host } = options;
    return callDataPlane({ ...connection, apiVersion, fetch: host.fetch, now: () => host.clock.now(), call });
}
