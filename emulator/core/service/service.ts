import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { Agent } from "undici";
import type { Clock } from "../clock";
import { closeServer, listen } from "../http";
import type { Log } from "../log";
import type { RestHandler } from "../rest/rest";
import type { CoreServices } from "../services";
import { shownUrl } from "../upstream/errors";
import { origin } from "../upstream/events";
import { createValidator } from "../upstream/handshake";
import { createUpstream, type Upstream } from "../upstream/upstream";
import { createUrlResolver } from "../upstream/urlTemplate";
import { connectionLimit, createKeyRing, deriveServiceKey, generateAccessKeys, type KeyRing, listKeys } from "./keys";
import type { AccessKeys, HubProperties, RealtimeService, RealtimeServiceOptions } from "./types";

/** The parts of a hub that every kind of service uses. */
export interface ServedHub {
    readonly name: string;
    readonly registry: { readonly size: number };
    set(properties: HubProperties): void;
    closeAll(): void;
}

/** What a hub of any kind of service is created with. */
export interface HubOptions {
    name: string;
    /** Name of the service, for the log. */
    source: string;
    clock: Clock;
    log: Log;
    keys(): AccessKeys;
    /** Creates the connection to the handlers. It starts without remembered handshakes, secrets and tokens. */
    createUpstream(): Upstream;
    /** Reason to refuse another connection; undefined while there is room. */
    full(): string | undefined;
}

/** What every kind of service gets: its address, keys, settings and hubs. */
export interface ServiceFrame<H> {
    /** The services of the emulator. Their log writes nothing after this service has closed. */
    core: CoreServices;
    /** `host:port` names of this service. */
    hosts: readonly string[];
    /** Key with which the service itself signs client tokens. */
    serviceKey: Buffer;
    settings(): RealtimeServiceOptions;
    keys(): KeyRing;
    hub(name: string): H | undefined;
    hubNames(): string[];
    /** Creates a hub without settings. */
    addHub(name: string): H;
    /** Reason to refuse another connection; undefined while there is room. */
    full(): string | undefined;
    hubOptions(name: string, manner?: UpstreamManner): HubOptions;
}

/** How a service calls its handlers. */
export interface UpstreamManner {
    /** Whether the abuse-protection handshake comes before the first event. Defaults to true. */
    handshake?: boolean;
    /** Whether failed attempts are repeated. Defaults to true. */
    retry?: boolean;
}

/** The side of a service that its clients talk to. */
export interface ServiceClients {
    /** False when the request is not a client's. */
    handleRequest(request: IncomingMessage, response: ServerResponse): boolean;
    handleUpgrade(options: { request: IncomingMessage; socket: Duplex; head: Buffer }): void;
}

/** The parts in which one kind of service differs from another. */
export interface ServiceKind<H> {
    createHub(name: string, properties: HubProperties): H;
    clients: ServiceClients;
    dataPlane: RestHandler;
    /** Body of the 404 for a path that is neither a client's nor the data plane's. */
    unknownPath(path: string): string;
}

/** Opens an emulated service on a port of this machine. The service has no hub yet. */
export async function openRealtimeService<H extends ServedHub>(
    { options, core: given }: { options: RealtimeServiceOptions; core: CoreServices },
    createKind: (frame: ServiceFrame<H>) => ServiceKind<H>,
): Promise<RealtimeService> {
    let closed = false;
    /** Closing cuts off clients and events; the failures that follow are not worth a log line. */
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

    function full(): string | undefined {
        const limit = connectionLimit(settings);
        return limit !== undefined && connections() >= limit
            ? `The service takes ${limit} connections with SKU ${settings.sku}; all are in use.`
            : undefined;
    }

    function createHubUpstream(hub: string, { handshake = true, retry }: UpstreamManner = {}): Upstream {
        const { clock, identity, references, azureTiming } = core;
        const principalId = (): string | undefined => settings.principalId;
        const say = (level: "info" | "warning", message: string): void =>
            core.log({ level, source: settings.name, message: `Hub '${hub}': ${message}` });
        const onChange = (url: string, failure: string | undefined): void =>
            failure === undefined ? say("info", `'${shownUrl(url)}' takes events again.`) : say("warning", failure);
        const validate = handshake
            ? createValidator({ clock, dispatcher, origin, onChange })
            : async (): Promise<undefined> => undefined;
        const resolveUrl = createUrlResolver({
            clock,
            references,
            principalId,
            refreshMilliseconds: azureTiming?.secretRefreshMilliseconds,
            onUnreadable: (message) => say("warning", message),
        });
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
        full,
        hubOptions: (name, manner) => ({
            name,
            source: options.name,
            clock: core.clock,
            log: core.log,
            keys: () => keys.access,
            createUpstream: () => createHubUpstream(name, manner),
            full,
        }),
    });

    server.on("request", (request: IncomingMessage, response: ServerResponse) => {
        if (kind.clients.handleRequest(request, response)) {
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
        kind.clients.handleUpgrade({ request, socket, head });
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
            // A client that never answers the closing handshake would keep the port open.
            for (const socket of upgraded) {
                socket.destroySoon();
            }
            await closeServer(server);
            await dispatcher.destroy();
        },
    };
}
