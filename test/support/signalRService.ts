import { HttpTransportType, type HubConnection, HubConnectionBuilder, LogLevel } from "@microsoft/signalr";
import { MessagePackHubProtocol } from "@microsoft/signalr-protocol-msgpack";
import { type Clock, systemClock } from "../../emulator/core/clock";
import type { LogEntry } from "../../emulator/core/log";
import { signingKey, signToken } from "../../emulator/core/service/tokens";
import type { CoreServices } from "../../emulator/core/services";
import { type Identity, openIdentity } from "../../emulator/identity";
import { openSignalRService, type SignalRService, type SignalRServiceOptions } from "../../emulator/signalr";
import type { SecretReferences } from "../../emulator/vault";
import { type FakeAnswer, type FakeService, openFakeService, type RecordedCall } from "./fakeService";

export const signalRId =
    "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/test/providers/Microsoft.SignalRService/signalR/chat";

export const { WebSockets, ServerSentEvents, LongPolling } = HttpTransportType;

export interface TestSignalR {
    service: SignalRService;
    identity: Identity;
    upstream: FakeService;
    log: LogEntry[];
    warnings(): string[];
    /** The upstream calls for an event, by its name. */
    events(name: string): RecordedCall[];
    token(options?: { hub?: string; key?: string; claims?: Record<string, unknown> }): string;
    /** A client of hub `chat`, not started. Closing the service stops the client. */
    client(options?: ClientOptions): HubConnection;
    /** A started client of hub `chat`. */
    connect(options?: ClientOptions): Promise<HubConnection>;
    /** Makes a data-plane call that is signed with the access key. */
    rest(method: string, path: string, options?: RestOptions): Promise<Response>;
    /** Calls a method on all clients of the hub, or of a part of it, such as `groups/g`. */
    send(message: { to?: string; target: string; arguments?: unknown[]; query?: string }): Promise<Response>;
    close(): Promise<void>;
}

export interface ClientOptions {
    hub?: string;
    userId?: string;
    transport?: HttpTransportType;
    messagePack?: boolean;
    claims?: Record<string, unknown>;
    skipNegotiation?: boolean;
    /** Further parameters of the query, without `?`. */
    query?: string;
}

export interface RestOptions {
    body?: unknown;
    headers?: Record<string, string>;
    /** Defaults to a token for exactly this URL. Null sends no token. */
    token?: string | null;
    /** Audience of the token. Defaults to the URL with only `api-version` and `application` in its query. */
    audience?: string;
}

export type TestSignalROptions = Partial<SignalRServiceOptions> & {
    clock?: Clock;
    references?: SecretReferences;
    /** Recorder and probes of an inspector. */
    inspection?: Pick<CoreServices, "recorder" | "probes">;
};

/** Starts a serverless service that sends all events to one upstream. The upstream answers 200 with an empty body. */
export async function startSignalR(options: TestSignalROptions = {}): Promise<TestSignalR> {
    const { clock = systemClock, references = { resolve: ({ text }) => text }, inspection, ...settings } = options;
    const log: LogEntry[] = [];
    const identity = await openIdentity({ clock });
    const upstream = await openFakeService(() => ({ status: 200 }));
    const core = { clock, identity, references, log: (entry: LogEntry) => void log.push(entry), ...inspection };
    const service = await openSignalRService(
        {
            id: signalRId,
            name: "chat",
            serviceMode: "Serverless",
            upstream: { templates: [{ urlTemplate: `${upstream.origin}/runtime/webhooks/signalr` }] },
            ...settings,
        },
        core,
    );
    const clients: HubConnection[] = [];

    const sign = (options: { audience: string; claims?: Record<string, unknown>; key?: string }): string =>
        signToken({
            key: signingKey(options.key ?? service.keys.primaryKey),
            claims: { ...options.claims, aud: options.audience },
            now: clock.now(),
            lifetimeSeconds: 3600,
        });

    const test: TestSignalR = {
        service,
        identity,
        upstream,
        log,
        warnings: () => log.filter(({ level }) => level !== "info").map(({ message }) => message),
        events: (name) => upstream.calls.filter(({ headers }) => headers["x-asrs-event"] === name),
        token: ({ hub = "chat", key, claims } = {}) =>
            sign({ audience: `${service.endpoint}/client/?hub=${hub}`, key, claims }),
        client(options = {}) {
            const {
                hub = "chat",
                userId,
                transport = WebSockets,
                messagePack,
                skipNegotiation = false,
                query,
            } = options;
            const claims = { ...options.claims, ...(userId === undefined ? {} : { "asrs.s.uid": userId }) };
            const builder = new HubConnectionBuilder()
                .withUrl(`${service.endpoint}/client/?hub=${hub}${query === undefined ? "" : `&${query}`}`, {
                    accessTokenFactory: () => test.token({ hub, claims }),
                    transport,
                    skipNegotiation,
                })
                .configureLogging(LogLevel.None);
            if (messagePack === true) {
                builder.withHubProtocol(new MessagePackHubProtocol());
            }
            const client = builder.build();
            clients.push(client);
            return client;
        },
        async connect(options) {
            const client = test.client(options);
            await client.start();
            return client;
        },
        async rest(method, path, { body, headers, token, audience } = {}) {
            const url = new URL(path, service.endpoint);
            const bearer =
                token === null ? undefined : (token ?? (await sign({ audience: audience ?? audienceOf(url) })));
            return fetch(url, {
                method,
                headers: {
                    ...(bearer === undefined ? {} : { Authorization: `Bearer ${bearer}` }),
                    ...(body === undefined ? {} : { "Content-Type": "application/json; charset=utf-8" }),
                    ...headers,
                },
                ...(body === undefined
                    ? {}
                    : {
                          body:
                              typeof body === "string" || body instanceof Uint8Array
                                  ? (body as BodyInit)
                                  : JSON.stringify(body),
                      }),
            });
        },
        send: ({ to, target, arguments: list = [], query = "" }) =>
            test.rest(
                "POST",
                `/api/hubs/chat/${to === undefined ? "" : `${to}/`}:send?api-version=2022-06-01${query}`,
                {
                    body: { Target: target, Arguments: list },
                },
            ),
        async close() {
            await Promise.all(clients.map((client) => client.stop()));
            await service.close();
            await upstream.close();
            await identity.close();
        },
    };
    return test;
}

/** The audience as the vendor's SDK writes it, with only `application` and `api-version` in the query. */
function audienceOf(url: URL): string {
    const query = ["application", "api-version"].flatMap((name) => {
        const value = url.searchParams.get(name);
        return value === null ? [] : [`${name}=${encodeURIComponent(value)}`];
    });
    return `${url.origin}${url.pathname}${query.length === 0 ? "" : `?${query.join("&")}`}`;
}

/** Resolves with the arguments of the next call of this method. */
export function called(client: HubConnection, method: string): Promise<unknown[]> {
    return new Promise((resolve) => {
        const handler = (...values: unknown[]): void => {
            client.off(method, handler);
            resolve(values);
        };
        client.on(method, handler);
    });
}

/** Resolves when the connection has closed, with the reason. */
export function closed(client: HubConnection): Promise<Error | undefined> {
    return new Promise((resolve) => client.onclose(resolve));
}

/** The answer to an invocation with this result, in JSON. */
export function completion(call: RecordedCall, result: unknown): FakeAnswer {
    const { invocationId } = JSON.parse(call.body) as { invocationId: string };
    return { status: 200, body: `${JSON.stringify({ type: 3, invocationId, result })}\u001e` };
}
