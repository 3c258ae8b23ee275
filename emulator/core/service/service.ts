import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { Agent } from "undici";
import type { RestHandler } from "../rest/rest";
import { closeServer, listen } from "../server";
import type { CoreServices } from "../services";
import { shownUrl } from "../upstream/errors";
import { createValidator } from "../upstream/handshake";
import { createUpstream, type Upstream } from "../upstream/upstream";
import { createUrlResolver } from "../upstream/urlTemplate";
import { connectionLimit, createKeyRing, deriveServiceKey, generateAccessKeys, type KeyRing, listKeys } from "./keys";
import type { HubProperties, RealtimeService, RealtimeServiceOptions } from "./types";

/** The service's host name as handlers know it: without port. */
export const origin = "localhost";

/** What the frame of a service needs to know of a hub. */
export interface ServedHub {
    readonly name: string;
    readonly registry: { readonly size: number };
    set(properties: HubProperties): void;
    closeAll(): void;
}

/** What a service is built on: its address, its keys, its hubs. */
export interface ServiceFrame<H> {
    /** What the service was opened with; its log falls silent when the service closes. */
    core: CoreServices;
    /** `host:port` names of this service. */
    hosts: readonly string[];
    /** Signs client tokens that the service makes itself. */
    serviceKey: Buffer;
    settings(): RealtimeServiceOptions;
    keys(): KeyRing;
    hub(name: string): H | undefined;
    hubNames(): string[];
    /** Makes a hub that has no settings. */
    addHub(name: string): H;
    /** Why one connection more cannot be taken; undefined when it can. */
    full(): string | undefined;
    /** A fresh way to a hub's event handlers, with nothing remembered of earlier settings. */
    createUpstream(hub: string, manner?: UpstreamManner): Upstream;
}

/** How a service calls its handlers. */
export interface UpstreamManner {
    /** Whether a handler is asked first if it takes events of this service. Defaults to true. */
    handshake?: boolean;
    /** Whether a failed attempt is repeated. Defaults to true. */
    retry?: boolean;
}

/** What one kind of service adds. */
export interface ServiceKind<H> {
    createHub(name: string, properties: HubProperties): H;
    /** False when the request is not a client's. */
    handleRequest(request: IncomingMessage, response: ServerResponse): boolean;
    handleUpgrade(options: { request: IncomingMessage; socket: Duplex; head: Buffer }): void;
    dataPlane: RestHandler;
    /** What is answered where nothing is. */
    unknownPath(path: string): string;
}

/** Opens an emulated service on a port of this machine: clients, data plane, keys and hubs. It has no hub yet. */
export async function openRealtimeService<H extends ServedHub>(
    { options, core: given }: { options: RealtimeServiceOptions; core: CoreServices },
    createKind: (frame: ServiceFrame<H>) => ServiceKind<H>,
): Promise<RealtimeService> {
    let closed = false;
    /** What is cut off by closing is no news. */
    const core: CoreServices = { ...given, log: (entry) => (closed ? undefined : given.log(entry)) };
    let settings = options;
    const access = options.accessKeys ?? generateAccessKeys();
    const serviceKey = deriveServiceKey({ access, id: options.id });
    const ring = (): KeyRing =>
        createKeyRing({
            access: settings.accessKeys ?? access,
            service: serviceKey,
            disableLocalAuth: settings.disableLocalAuth ?? false,
        });
    let keys = ring();
    const hubs = new Map<string, H>();
    const upgraded = new Set<Socket>();
    const dispatcher = new Agent();
    const server = createServer();
    const port = await listen(server, { port: options.port });

    function addHub(name: string, properties: HubProperties = {}): H {
        const hub = kind.createHub(name, properties);
        hubs.set(name.toLowerCase(), hub);
        return hub;
    }

    function connections(): number {
        let count = 0;
        for (const hub of hubs.values()) {
            count += hub.registry.size;
        }
        return count;
    }

    function createHubUpstream(hub: string, { handshake = true, retry }: UpstreamManner = {}): Upstream {
        const { clock, identity, references } = core;
        const principalId = (): string | undefined => settings.principalId;
        const onChange = (url: string, failure: string | undefined): void =>
            core.log({
                level: failure === undefined ? "info" : "warning",
                source: settings.name,
                message: `Hub '${hub}': ${failure ?? `'${shownUrl(url)}' takes events again.`}`,
            });
        const validate = handshake
            ? createValidator({ clock, dispatcher, origin, onChange })
            : async (): Promise<undefined> => undefined;
        const resolveUrl = createUrlResolver({ clock, references, principalId });
        return createUpstream({ clock, dispatcher, identity, principalId, validate, resolveUrl, retry });
    }

    const kind = createKind({
        core,
        hosts: [`localhost:${port}`, `127.0.0.1:${port}`],
        serviceKey,
        settings: () => settings,
        keys: () => keys,
        hub: (name) => hubs.get(name.toLowerCase()),
        hubNames: () => [...hubs.values()].map(({ name }) => name),
        addHub,
        full() {
            const limit = connectionLimit(settings);
            return limit !== undefined && connections() >= limit
                ? `The service takes ${limit} connections with SKU ${settings.sku}; all are in use.`
                : undefined;
        },
        createUpstream: createHubUpstream,
    });

    server.on("request", (request: IncomingMessage, response: ServerResponse) => {
        if (kind.handleRequest(request, response)) {
            return;
        }
        if (request.url?.startsWith("/api/")) {
            kind.dataPlane(request, response);
            return;
        }
        response.writeHead(404, { "Content-Type": "text/plain; charset=utf-8", Connection: "close" });
        response.end(kind.unknownPath((request.url ?? "").split("?")[0] ?? ""));
    });
    server.on("upgrade", (request: IncomingMessage, socket: Socket, head: Buffer) => {
        upgraded.add(socket);
        socket.once("close", () => upgraded.delete(socket));
        kind.handleUpgrade({ request, socket, head });
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
            keys = ring();
        },
        setHub(name, properties) {
            const hub = hubs.get(name.toLowerCase());
            hub === undefined ? addHub(name, properties) : hub.set(properties);
        },
        removeHub(name) {
            hubs.get(name.toLowerCase())?.closeAll();
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
