import type { IncomingMessage, ServerResponse } from "node:http";
import { messageOf } from "../core/errors";
import { isValidHub } from "../core/rest/names";
import { type ClientPath, ClientRefusal, parseClientUrl, queryValue, refuseUpgrade } from "../core/service/clientGate";
import { noteRefused } from "../core/service/record";
import type { ServiceClients, ServiceFrame } from "../core/service/service";
import { noHandlerFor } from "../core/upstream/why";
import { chooseSubprotocol, offeredSubprotocols, readClient } from "./admission";
import { messages } from "./errors";
import type { Hub } from "./hub";
import { createSockets, type Upgrade } from "./sockets";

const clientPath = /^\/client\/hubs\/([^/]+)\/?$/i;
const olderPath = /^\/client\/?$/i;
const mqttPath = /^\/clients\/mqtt\//i;

/** Serves the requests of clients. */
export function createClients(frame: ServiceFrame<Hub>): ServiceClients {
    const { core } = frame;
    const source = frame.settings().name;
    const rejecting = createSockets();

    /** Finds a hub, or adds one: clients can connect to hubs without settings, which have no event handlers. */
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
        if (frame.recorder.on) {
            frame.recorder.note("why", noHandlerFor({ hub: name, kind: "user", name, handlers: [] }));
        }
        return frame.addHub(name);
    }

    function warnNotRecovered(hub: string): void {
        const message = `Hub '${hub}': a client is not recovered: its connection is gone, or the reconnection token is not its own.`;
        frame.logRefusal({ level: "warning", source, message });
    }

    async function serve(upgrade: Upgrade): Promise<void> {
        const { request } = upgrade;
        const url = request.url ?? "";
        const client = parseClient(url);
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
            const offered = offeredSubprotocols(request);
            const hub = frame.hub(client.hub);
            // A stranger may name any hub here, so none is made for the call.
            if (hub?.recover(upgrade, { connectionId, token }) !== true) {
                warnNotRecovered(client.hub);
                const close = { code: 1008, reason: messages.notRecovered };
                rejecting.reject(upgrade, { ...close, subprotocol: chooseSubprotocol(offered) });
            }
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
            if (parseClient(request.url ?? "") === undefined) {
                return false;
            }
            response.writeHead(400, { "Content-Type": "text/plain; charset=utf-8", Connection: "close" });
            response.end(messages.notWebSocket);
            return true;
        },
        handleUpgrade(upgrade) {
            serve(upgrade).catch((error: unknown) => {
                const refusal = error instanceof ClientRefusal ? error : new ClientRefusal(500, messages.internal);
                const cause = error instanceof ClientRefusal ? error.message : messageOf(error);
                frame.logRefusal({
                    level: "warning",
                    source,
                    message: `A client was refused with ${refusal.status}: ${cause}`,
                });
                const hub = parseClient(upgrade.request.url ?? "")?.hub;
                noteRefused(frame.recorder, { hub, status: refusal.status, message: cause });
                refuseUpgrade(upgrade.socket, refusal);
            });
        },
    };
}

/**
 * Reads a client's URL: `/client/hubs/{hub}`, or `/client?hub={hub}`, whose token is for the first form. Undefined for other URLs.
 * Source of both: protocols/client/client-spec.md of Azure/azure-webpubsub, 1.1.
 */
function parseClient(url: string): ClientPath | undefined {
    const client = parseClientUrl(url, clientPath);
    const [path = "", search] = url.split("?", 2);
    if (client !== undefined || !olderPath.test(path)) {
        return client;
    }
    const query = new URLSearchParams(search);
    const hub = queryValue(query, "hub");
    return hub === undefined ? undefined : { hub, path: `/client/hubs/${encodeURIComponent(hub)}`, query };
}

/** Whether the WebSocket library will accept the upgrade. Checked first, because the library refuses only after the handler accepted. */
function isWebSocket({ method, headers }: IncomingMessage): boolean {
    return (
        method === "GET" &&
        headers.upgrade?.toLowerCase() === "websocket" &&
        /^[+/0-9A-Za-z]{22}==$/.test(headers["sec-websocket-key"] ?? "") &&
        /^(8|13)$/.test(headers["sec-websocket-version"] ?? "")
    );
}
