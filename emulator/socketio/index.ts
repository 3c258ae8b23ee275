import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { Agent } from "undici";
import type { Log } from "../core/log";
import { closeServer, listen } from "../core/server";
import type { CoreServices } from "../core/services";
import { createUpstream } from "../core/upstream";
import { shownUrl } from "../core/upstreamError";
import { createValidator } from "../core/upstreamValidation";
import { createUrlResolver } from "../core/urlTemplate";
import { createClients } from "./clients";
import { createDataPlane } from "./dataPlane";
import { messages } from "./errors";
import { createHub, type Hub } from "./hub";
import { connectionLimit, createKeyRing, deriveServiceKey, generateAccessKeys, type KeyRing, listKeys } from "./keys";
import type { RealtimeService, RealtimeServiceOptions } from "./types";
import { origin } from "./upstream";

export type { EventHandler } from "../core/eventHandlers";
export type { AccessKeys, HubProperties, RealtimeService, RealtimeServiceOptions, ServiceKeys } from "./types";

/** Opens an emulated Web PubSub for Socket.IO in serverless mode on a port of this machine. It has no hub yet. */
export async function openSocketIOService(
    options: RealtimeServiceOptions,
    core: CoreServices,
): Promise<RealtimeService> {
    let settings = options;
    const access = options.accessKeys ?? generateAccessKeys();
    const serviceKey = deriveServiceKey({ access, id: options.id });
    let keys: KeyRing = createKeyRing({
        access,
        service: serviceKey,
        disableLocalAuth: options.disableLocalAuth ?? false,
    });
    const hubs = new Map<string, Hub>();
    const upgraded = new Set<Socket>();
    // Enough that calls which wait do not hold up the rest; without a limit a burst opens a socket per event.
    const dispatcher = new Agent({ connections: 256 });
    let closed = false;
    /** What is cut off by closing is no news. */
    const log: Log = (entry) => {
        if (!closed) {
            core.log(entry);
        }
    };

    const server = createServer();
    const port = await listen(server, { port: options.port });
    const hosts = [`localhost:${port}`, `127.0.0.1:${port}`];
    const findHub = (name: string): Hub | undefined => hubs.get(name.toLowerCase());

    function connections(): number {
        let count = 0;
        for (const hub of hubs.values()) {
            count += hub.registry.size;
        }
        return count;
    }

    function full(): string | undefined {
        const limit = connectionLimit(settings);
        return limit !== undefined && connections() >= limit
            ? messages.tooManyConnections(limit, settings.sku ?? "")
            : undefined;
    }

    function createHubUpstream(hub: string): ReturnType<typeof createUpstream> {
        const { clock, identity, references } = core;
        const principalId = (): string | undefined => settings.principalId;
        const onChange = (url: string, failure: string | undefined): void =>
            log({
                level: failure === undefined ? "info" : "warning",
                source: settings.name,
                message: `Hub '${hub}': ${failure ?? `'${shownUrl(url)}' takes events again.`}`,
            });
        const validate = createValidator({ clock, dispatcher, origin, onChange });
        const resolveUrl = createUrlResolver({ clock, references, principalId });
        return createUpstream({ clock, dispatcher, identity, principalId, validate, resolveUrl });
    }

    const clients = createClients({
        source: options.name,
        clock: core.clock,
        log,
        hosts,
        hub: findHub,
        hubNames: () => [...hubs.values()].map((hub) => hub.name),
        keys: () => keys,
        full,
    });
    const dataPlane = createDataPlane({
        core: { ...core, log },
        hosts,
        hub: findHub,
        keys: () => keys,
        serviceKey,
        settings: () => settings,
    });

    server.on("request", (request: IncomingMessage, response: ServerResponse) => {
        if (clients.handleRequest(request, response)) {
            return;
        }
        if (request.url?.startsWith("/api/")) {
            dataPlane(request, response);
            return;
        }
        response.writeHead(404, { "Content-Type": "text/plain; charset=utf-8", Connection: "close" });
        response.end(messages.unknownPath((request.url ?? "").split("?")[0] ?? ""));
    });
    server.on("upgrade", (request: IncomingMessage, socket: Socket, head: Buffer) => {
        upgraded.add(socket);
        socket.once("close", () => upgraded.delete(socket));
        clients.handleUpgrade({ request, socket, head });
    });

    return {
        id: options.id,
        name: options.name,
        hostName: `localhost:${port}`,
        endpoint: `http://localhost:${port}`,
        port,
        get keys() {
            return listKeys({ access: keys.access, port });
        },
        update(changes) {
            settings = { ...settings, ...changes };
            keys = createKeyRing({
                access: settings.accessKeys ?? access,
                service: serviceKey,
                disableLocalAuth: settings.disableLocalAuth ?? false,
            });
        },
        setHub(name, properties) {
            const hub = findHub(name);
            if (hub !== undefined) {
                hub.set(properties);
                return;
            }
            const created = createHub(
                {
                    name,
                    source: options.name,
                    clock: core.clock,
                    log,
                    keys: () => keys.access,
                    createUpstream: () => createHubUpstream(name),
                    isFull: () => full() !== undefined,
                },
                properties,
            );
            hubs.set(name.toLowerCase(), created);
        },
        removeHub(name) {
            findHub(name)?.closeAll();
            hubs.delete(name.toLowerCase());
        },
        connections,
        async close() {
            closed = true;
            for (const hub of hubs.values()) {
                hub.closeAll();
            }
            // A client that does not answer the closing handshake must not keep the port.
            for (const socket of upgraded) {
                socket.destroySoon();
            }
            await closeServer(server);
            await dispatcher.destroy();
        },
    };
}
