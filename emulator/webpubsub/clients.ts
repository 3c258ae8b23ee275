import type { IncomingMessage, ServerResponse } from "node:http";
import { ClientRefusal, parseClientUrl, queryValue, refuseUpgrade } from "../core/service/clientGate";
import type { ServiceFrame, ServiceKind } from "../core/service/service";
import { offeredSubprotocols, readClient } from "./admission";
import { isValidHub } from "./dataPlane/dataPlane";
import { causeOf, messages } from "./errors";
import type { Hub } from "./hub";
import type { Upgrade } from "./sockets";

const clientPath = /^\/client\/hubs\/([^/]+)\/?$/;
const mqttPath = /^\/clients\/mqtt\//;

/** The side of the service that clients talk to. */
export function createClients(frame: ServiceFrame<Hub>): Pick<ServiceKind<Hub>, "handleRequest" | "handleUpgrade"> {
    const { core } = frame;
    const source = frame.settings().name;

    /** Any hub can be connected to; one without settings has no event handlers. */
    function findHub(name: string): Hub {
        const known = frame.hub(name);
        if (known !== undefined) {
            return known;
        }
        if (!isValidHub(name)) {
            throw new ClientRefusal(400, messages.invalidHub(name));
        }
        core.log({
            level: "info",
            source,
            message: `Hub '${name}' has no settings, so its clients' events go nowhere. Hubs with settings: ${frame.hubNames().join(", ") || "none"}.`,
        });
        return frame.addHub(name);
    }

    async function serve(upgrade: Upgrade): Promise<void> {
        const { request } = upgrade;
        const url = request.url ?? "";
        const client = parseClientUrl(url, clientPath);
        if (client === undefined) {
            throw mqttPath.test(url)
                ? new ClientRefusal(501, messages.mqtt)
                : new ClientRefusal(404, messages.unknownPath(url.split("?")[0] ?? ""));
        }
        if (!isWebSocket(request)) {
            throw new ClientRefusal(400, messages.notWebSocket);
        }
        const connectionId = queryValue(client.query, "awps_connection_id");
        if (connectionId !== undefined && connectionId !== "") {
            const token = queryValue(client.query, "awps_reconnection_token") ?? "";
            findHub(client.hub).recover(upgrade, { connectionId, token, offered: offeredSubprotocols(request) });
            return;
        }
        const anonymous = frame.hub(client.hub)?.properties.anonymousConnectPolicy?.toLowerCase() === "allow";
        const keys = frame.keys().forClients;
        const info = readClient({ request, client, anonymous, keys, hosts: frame.hosts, now: core.clock.now() });
        const full = frame.full();
        if (full !== undefined) {
            throw new ClientRefusal(429, full);
        }
        await findHub(client.hub).admit(upgrade, info);
    }

    return {
        handleRequest(request: IncomingMessage, response: ServerResponse) {
            if (!clientPath.test((request.url ?? "").split("?")[0] ?? "")) {
                return false;
            }
            response.writeHead(400, { "Content-Type": "text/plain; charset=utf-8", Connection: "close" });
            response.end(messages.notWebSocket);
            return true;
        },
        handleUpgrade(upgrade) {
            // Until the WebSocket takes the socket over, nobody else listens for what happens to it.
            upgrade.socket.on("error", () => undefined);
            serve(upgrade).catch((error: unknown) => {
                const refusal = error instanceof ClientRefusal ? error : new ClientRefusal(500, messages.internal);
                const cause = error instanceof ClientRefusal ? error.message : causeOf(error);
                core.log({
                    level: "warning",
                    source,
                    message: `A client was refused with ${refusal.status}: ${cause}`,
                });
                refuseUpgrade(upgrade.socket, refusal);
            });
        },
    };
}

/** What the WebSocket library would refuse itself, but too late: after the event handler has let the client in. */
function isWebSocket({ method, headers }: IncomingMessage): boolean {
    return (
        method === "GET" &&
        headers.upgrade?.toLowerCase() === "websocket" &&
        /^[+/0-9A-Za-z]{22}==$/.test(headers["sec-websocket-key"] ?? "") &&
        /^(8|13)$/.test(headers["sec-websocket-version"] ?? "")
    );
}
