import type { Identity } from "../../../emulator/identity";
import { FakeClock } from "../../support/clock";
import { openTestInspector, type TestInspector } from "../../support/inspector";
import { called, closed as closedSignalR, startSignalR } from "../../support/signalRService";
import { connected, next, startTestService } from "../../support/socketIOService";
import { until } from "../../support/until";
import { json, startWebPubSub } from "../../support/webPubSubService";

/** A client of any of the services. */
export interface AnyClient {
    /** Id of its connection, as the inspector shows it. */
    id: string;
    /** Sends an event to the app. Resolves with whether the app took it. */
    ask(event: string): Promise<boolean>;
    /** Resolves with the next message that is sent with this event and data. */
    message(): Promise<unknown>;
    /** Resolves with what the client is told of its end. */
    closed: Promise<string>;
    /** Tries to connect again with the same token. Resolves with whether the service lets it in. */
    comesBack(): Promise<boolean>;
}

export interface ServiceBench {
    clock: FakeClock;
    inspector: TestInspector;
    hub: string;
    /** Connects user ann, in group tea where groups are chosen by the token. */
    client(): Promise<AnyClient>;
    /** Sends by the data plane, as an app does, to a path such as `groups/tea/`; with the access key unless there is a token. */
    rest(to: string, token?: string): Promise<number>;
    /** A token of an identity that has no role. */
    strangersToken(): Promise<string>;
    /** Removes what sends events to the app, or points it somewhere else. */
    handler(urlTemplate: string | undefined, pattern?: string): void;
    close(): Promise<void>;
}

type Product = "socketio" | "webpubsub" | "signalr";

/** Starts a service whose time stands still. */
export async function startBench(product: Product): Promise<ServiceBench> {
    const clock = new FakeClock(Date.now());
    const inspector = await openTestInspector();
    const options = { clock, inspection: inspector.inspection };
    const bench = await { socketio, webpubsub, signalr }[product](options);
    return {
        clock,
        inspector,
        ...bench,
        async close() {
            await bench.close();
            await inspector.close();
        },
    };
}

interface Options {
    clock: FakeClock;
    inspection: TestInspector["inspection"];
}
type Bench = Omit<ServiceBench, "clock" | "inspector">;

async function webpubsub(options: Options): Promise<Bench> {
    const test = await startWebPubSub(options);
    return {
        hub: "chat",
        async client() {
            const token = test.token({ userId: "ann", groups: ["tea"] });
            const client = await test.client({ token, protocols: [json] });
            let ackId = 0;
            return {
                id: client.connectionId,
                async ask(event) {
                    ackId += 1;
                    client.send({ type: "event", event, ackId, dataType: "text", data: "x" });
                    return (await client.next()).success === true;
                },
                message: async () => (await client.next()).data,
                closed: client.closed.then(({ code }) => String(code)),
                comesBack: () =>
                    test.client({ token, protocols: [json] }).then(
                        () => true,
                        () => false,
                    ),
            };
        },
        rest: async (to, token) =>
            (
                await test.rest("POST", `/api/hubs/chat/${to}:send?api-version=2024-12-01`, {
                    body: "x",
                    contentType: "text/plain",
                    ...(token !== undefined && { token }),
                })
            ).status,
        strangersToken: () => strangersToken(test.identity, "https://webpubsub.azure.com"),
        handler: (urlTemplate, userEventPattern = "*") =>
            test.service.setHub("chat", {
                eventHandlers: urlTemplate === undefined ? [] : [{ urlTemplate, userEventPattern, systemEvents: [] }],
            }),
        close: test.close,
    };
}

async function socketio(options: Options): Promise<Bench> {
    const test = await startTestService(options);
    // A packet `42<ack id>[event, …]` is answered with `43<ack id>[]`.
    test.handler.respond = ({ method, body }) => {
        const [, ackId] = /^42(\d+)\[/.exec(body) ?? [];
        const headers = { "Content-Type": "text/plain" };
        return method === "OPTIONS" || ackId === undefined ? {} : { headers, body: `43${ackId}[]` };
    };
    return {
        hub: "hub",
        async client() {
            const token = test.token({ userId: "ann" });
            const connect = async () => connected(await test.client({ token, transports: ["websocket"] }));
            const socket = await connect();
            return {
                id: test.connectionIdOf(socket),
                async ask(event) {
                    let isAnswered = false;
                    socket.emit(event, "x", () => {
                        isAnswered = true;
                    });
                    // A failed event has no answer.
                    await until(() => isAnswered || hasFailed(options, event), `the end of ${event}`);
                    return isAnswered;
                },
                message: async () => (await next(socket, "news"))[0],
                closed: new Promise((resolve) => socket.once("disconnect", resolve)),
                comesBack: () =>
                    connect().then(
                        () => true,
                        () => false,
                    ),
            };
        },
        rest: async (to, token) =>
            (
                await test.rest("POST", `/api/hubs/hub/${to}:send?api-version=2024-12-01`, {
                    body: '42["news","x"]',
                    contentType: "text/plain",
                    ...(token !== undefined && { token }),
                })
            ).status,
        strangersToken: () => strangersToken(test.identity, "https://webpubsub.azure.com"),
        handler: (urlTemplate, userEventPattern = "*") =>
            test.service.setHub("hub", {
                eventHandlers: urlTemplate === undefined ? [] : [{ urlTemplate, userEventPattern, systemEvents: [] }],
            }),
        close: test.close,
    };
}

async function signalr(options: Options): Promise<Bench> {
    const test = await startSignalR(options);
    // The service answers an invocation with what the function returns.
    test.upstream.answer = ({ body }) => {
        const { invocationId } = JSON.parse(body || "{}") as { invocationId?: string };
        return {
            status: 200,
            body: invocationId === undefined ? "" : `{"type":3,"invocationId":"${invocationId}"}\u001e`,
        };
    };
    return {
        hub: "chat",
        async client() {
            const client = await test.connect({ userId: "ann" });
            const token = test.token({ claims: { "asrs.s.uid": "ann" } });
            return {
                id: client.connectionId ?? "",
                ask: (event) =>
                    client.invoke(event).then(
                        () => true,
                        () => false,
                    ),
                message: async () => (await called(client, "news"))[0],
                closed: closedSignalR(client).then(String),
                comesBack: async () =>
                    (
                        await fetch(`${test.service.endpoint}/client/negotiate?hub=chat&negotiateVersion=1`, {
                            method: "POST",
                            headers: { authorization: `Bearer ${token}` },
                        })
                    ).ok,
            };
        },
        rest: async (to, token) =>
            (
                await test.rest("POST", `/api/hubs/chat/${to}:send?api-version=2022-06-01`, {
                    body: { Target: "news", Arguments: ["x"] },
                    ...(token !== undefined && { token }),
                })
            ).status,
        strangersToken: () => strangersToken(test.identity, "https://signalr.azure.com"),
        handler: (urlTemplate, eventPattern = "*") =>
            test.service.update({
                upstream: { templates: urlTemplate === undefined ? [] : [{ urlTemplate, eventPattern }] },
            }),
        close: test.close,
    };
}

function hasFailed({ inspection }: Options, name: string): boolean {
    const events = inspection.events();
    return events.some((event) => event.kind === "clientEvent" && event.name === name && event.outcome === "failed");
}

function strangersToken(identity: Identity, audience: string): Promise<string> {
    identity.addPrincipal({ principalId: "stranger", clientId: "c", resourceId: "/r" });
    return identity.issueToken({ principalId: "stranger", audience });
}
