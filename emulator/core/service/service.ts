import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { Clock } from "../clock";
import { messageOf } from "../errors";
import { guardClock, guarded } from "../guard";
import { noRecorder, type Product, type Recorder } from "../inspect";
import type { Log, LogEntry } from "../log";
import type { RestHandler } from "../rest/rest";
import { openServer } from "../server";
import type { CoreServices } from "../services";
import { createTrustingAgent } from "../tls/trust";
import { shownUrl } from "../upstream/errors";
import { origin } from "../upstream/events";
import { createValidator } from "../upstream/handshake";
import { createUpstream, type Upstream } from "../upstream/upstream";
import { createUrlResolver } from "../upstream/urlTemplate";
import { createRefusalLog, cutLines } from "./boundedLog";
import { ClientRefusal, refuseRequest, refuseUpgrade } from "./clientGate";
import { createExpired } from "./expired";
import { connectionLimit, createKeyRing, deriveServiceKey, generateAccessKeys, type KeyRing, listKeys } from "./keys";
import { type HubProbe, probeService } from "./probe";
import type { Member } from "./registry";
import { createSlowSockets } from "./slowSockets";
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
    /** Takes what the inspector shows of this hub. */
    recorder: Recorder;
    /** Logs that a client is refused. */
    logRefusal(entry: LogEntry): void;
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
    /** Takes what the inspector shows of this service. */
    recorder: Recorder;
    /** `host:port` names of this service. */
    hosts: readonly string[];
    /** Key with which the service itself signs client tokens. */
    serviceKey: Buffer;
    settings(): RealtimeServiceOptions;
    keys(): KeyRing;
    /** Logs that a client or a call is refused. */
    logRefusal(entry: LogEntry): void;
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
export interface ServiceKind<H, M extends Member> {
    createHub(name: string, properties: HubProperties): H;
    clients: ServiceClients;
    dataPlane: RestHandler;
    /** What the inspector sees of a hub and can do to it. */
    probe: HubProbe<H, M>;
    /** Body of the 404 for a path that is neither a client's nor the data plane's. */
    unknownPath(path: string): string;
}

const internalError = new ClientRefusal(500, "Internal server error");

/** Opens an emulated service on a port of this machine. The service has no hub yet. */
export async function openRealtimeService<H extends ServedHub, M extends Member>(
    { options, core: given, product }: { options: RealtimeServiceOptions; core: CoreServices; product: Product },
    createKind: (frame: ServiceFrame<H>) => ServiceKind<H, M>,
): Promise<RealtimeService> {
    let closed = false;
    /** Closing cuts off clients and events; the failures that follow are not worth a log line. */
    const log = cutLines((entry) => (closed ? undefined : given.log(entry)));
    const fail = (error: unknown): void =>
        log({ level: "error", source: options.name, message: `The service failed in one call: ${messageOf(error)}` });
    const core: CoreServices = { ...given, log, clock: guardClock(given.clock, fail) };
    const recorder = (given.recorder ?? noRecorder).scoped({ service: options.name, product });
    const logRefusal = createRefusalLog({ clock: core.clock, log, source: options.name });
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
    const expired = createExpired(() => core.clock.now());
    const hubs = new Map<string, H>();
    const upgraded = new Set<Duplex>();
    const delay = (): number => core.faults?.delay(options.name) ?? 0;
    const slow = createSlowSockets({ clock: core.clock, delay, sockets: upgraded });
    const unfault = core.faults?.onChange(slow.refresh);
    const dispatcher = createTrustingAgent(core.tls);
    const server = await openServer({
        port: options.port,
        settings: core.servers,
        log: (level, message) => core.log({ level, source: settings.name, message }),
        request: handleRequest,
        upgrade: handleUpgrade,
    });
    const { port } = server;
    const scheme = core.tls?.isDefault ? "https" : "http";

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
        return createUpstream({
            clock,
            dispatcher,
            identity,
            principalId,
            validate,
            resolveUrl,
            retry,
            ...(core.faults && {
                brokenStatus: (url: string) => core.faults?.handlerError({ service: options.name, hub, url }),
            }),
            inspected: core.inspected,
        });
    }

    const kind = createKind({
        core,
        recorder,
        hosts: [`localhost:${port}`, `127.0.0.1:${port}`],
        serviceKey,
        settings: () => settings,
        keys: () => expired.apply(keys),
        logRefusal,
        hub: (name) => hubs.get(name.toLowerCase()),
        hubNames: () => [...hubs.values()].map(({ name }) => name),
        addHub,
        full,
        hubOptions: (name, manner) => ({
            name,
            source: options.name,
            clock: core.clock,
            log: core.log,
            recorder: recorder.scoped({ hub: name }),
            logRefusal,
            keys: () => keys.access,
            createUpstream: () => createHubUpstream(name, manner),
            full,
        }),
    });

    function serve(request: IncomingMessage, response: ServerResponse): void {
        if (kind.clients.handleRequest(request, response)) {
            return;
        }
        if (request.url?.slice(0, 5).toLowerCase() === "/api/") {
            kind.dataPlane(request, response);
            return;
        }
        response.writeHead(404, { "Content-Type": "text/plain; charset=utf-8", Connection: "close" });
        response.end(kind.unknownPath((request.url ?? "").split("?")[0] ?? ""));
    }

    function handleRequest(request: IncomingMessage, response: ServerResponse): void {
        const failCall = (error: unknown): void => {
            fail(error);
            refuseRequest(response, internalError);
        };
        const run = guarded(failCall, serve);
        // A request is late by both ways at once.
        delay() === 0 ? run(request, response) : core.clock.after(2 * delay(), () => run(request, response));
    }

    function handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
        upgraded.add(socket);
        socket.once("close", () => upgraded.delete(socket));
        slow.add(socket);
        const failCall = (error: unknown): void => {
            fail(error);
            refuseUpgrade(socket, internalError);
        };
        guarded(failCall, kind.clients.handleUpgrade.bind(kind.clients))({ request, socket, head });
    }

    const forget = probeService({
        core,
        product,
        settings: () => settings,
        endpoint: `${scheme}://localhost:${port}`,
        hubs: () => hubs.values(),
        hub: (name) => hubs.get(name.toLowerCase()),
        serviceKey,
        probe: kind.probe,
        onExpire: expired.add,
    });

    return {
        id: options.id,
        name: options.name,
        hostName: `localhost:${port}`,
        endpoint: `${scheme}://localhost:${port}`,
        port,
        get keys() {
            return listKeys({ access: keys.access, port, scheme });
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
            forget();
            unfault?.();
            for (const hub of hubs.values()) {
                hub.closeAll();
            }
            // A client that never answers the closing handshake would keep the port open.
            for (const socket of upgraded) {
                (socket as Socket).destroySoon();
            }
            await server.close();
            await dispatcher.destroy();
        },
    };
}
