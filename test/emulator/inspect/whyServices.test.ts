import assert from "node:assert/strict";
import { join } from "node:path";
import type { InspectEvent, WhyCode } from "../../../emulator/core/inspect";
import { startEventHandler } from "../../support/eventHandlerServer";
import { fixtures, openTestApp } from "../../support/functionApp";
import { group } from "../../support/socketIOService";
import { type AnyClient, type ServiceBench, startBench } from "./threeServices";

const webhooks = { webpubsub: "webpubsub", socketio: "socketio", signalr: "signalr" } as const;
const apps = { webpubsub: "webpubsubLegacy", socketio: "v4", signalr: "signalr-legacy" } as const;
const connection = "Endpoint=http://localhost;Port=8080;AccessKey=7aab239577fd4f24bc919802fb629f5f;Version=1.0;";

for (const product of ["webpubsub", "socketio", "signalr"] as const) {
    describe(`why nothing happened on ${product}`, () => {
        let bench: ServiceBench;
        beforeEach(async () => {
            bench = await startBench(product);
        });
        afterEach(() => bench.close());

        const why = (code: WhyCode, name?: string): Promise<InspectEvent> =>
            bench.inspector.event(
                (event) => event.kind === "why" && event.code === code && (name === undefined || event.name === name),
                code,
            );
        /** Lets the waits between attempts pass until a cause is told. */
        async function whyInTime(code: WhyCode, name: string): Promise<InspectEvent> {
            const find = () =>
                bench.inspector.inspection.events().find((event) => event.code === code && event.name === name);
            await bench.clock.passWaits(() => find() !== undefined);
            return find() ?? assert.fail(`no ${code}`);
        }
        /** Sends an event whose fate only the inspector knows. */
        const send = (client: AnyClient, event: string) => void client.ask(event).catch(() => undefined);
        const says = (event: InspectEvent, message: RegExp, fix: RegExp): void => {
            assert.match(event.message ?? "", message);
            assert.match(event.fix ?? "", fix);
            assert.equal(event.outcome, "failed");
        };

        it("names the line of the hub that takes no such event, and that has no handler at all", async () => {
            const client = await bench.client();
            bench.handler("http://localhost:1/x", "other");
            send(client, "hello");
            says(
                await why("noHandler", "hello"),
                product === "signalr" ? /No upstream template selects hub 'chat'/ : /selects user event 'hello'/,
                product === "signalr"
                    ? /eventPattern in upstream.templates/
                    : /userEventPattern .*'hello'.* It is 'other'/,
            );
            bench.handler(undefined);
            send(client, "again");
            says(
                await why("noHandler", "again"),
                product === "signalr" ? /no upstream template/ : /has no event handler/,
                product === "signalr" ? /upstreamTemplates of the backend/ : /eventHandlers/,
            );
        });

        it("names the trigger that the app lacks when it answers 404", async () => {
            const handler = await startEventHandler(({ method }) => (method === "OPTIONS" ? {} : { status: 404 }));
            try {
                const client = await bench.client();
                bench.handler(`${handler.url}/x`);
                send(client, "hello");
                const trigger = {
                    webpubsub: "webPubSubTrigger",
                    socketio: "socketioTrigger",
                    signalr: "signalRTrigger",
                };
                says(
                    await why("noHandler", "hello"),
                    /No function takes the event 'hello'/,
                    new RegExp(`Add a function with the trigger ${trigger[product]} \\(.*'hello'`),
                );
            } finally {
                await handler.close();
            }
        });

        it("says that nobody is in a group, and that a user has no connection", async () => {
            await bench.client();
            assert.equal(
                await bench.rest(`groups/${product === "socketio" ? group("/", "nowhere") : "nowhere"}/`),
                202,
            );
            says(await why("noGroupMember"), /Nobody is in group '(\/ )?nowhere'/, /compare the name letter by letter/);
            assert.equal(await bench.rest("users/bob/"), 202);
            says(await why("noUser"), /User 'bob' has no connection to hub '\w+', so/, /user id/);
        });

        it("says that nobody is connected to the hub, or that one connection is gone, and nothing else", async () => {
            await bench.rest("");
            says(
                await why("notConnected"),
                /No client is connected to hub '\w+', so/,
                /Send while a client is connected/,
            );
            await bench.client();
            const before = (await bench.inspector.events()).length;
            await bench.rest("connections/gone/");
            const causes = (await bench.inspector.events()).slice(before).filter(({ kind }) => kind === "why");
            assert.deepEqual(
                causes.map(({ code }) => code),
                ["notConnected"],
            );
            assert.match(causes[0]?.message ?? "", /no connection.*gone|gone.*does not exist/i);
        });

        it("says that the caller lacks the role, and which", async () => {
            assert.equal(await bench.rest("", await bench.strangersToken()), 403);
            says(
                await why("roleMissing"),
                product === "signalr" ? /SignalR (Service Owner|REST API Owner)/ : /Web PubSub Service Owner/,
                /RoleAssignment/,
            );
            assert.equal(await bench.rest("", "x.y.z"), 401);
            says(await why("tokenRefused"), /./, /connection setting/);
        });

        for (const status of [401, 403] as const) {
            it(`tells who in the app refused an event with ${status}: not the key that the handshake has shown to fit`, async () => {
                const handler = await startEventHandler(({ method }) => (method === "OPTIONS" ? {} : { status }));
                try {
                    const client = await bench.client();
                    bench.handler(`${handler.url}/x?code=abcdefgh12345678`);
                    send(client, "hello");
                    // SignalR asks for no handshake, so there a 401 may be the key's.
                    const isKey = product === "signalr" && status === 401;
                    says(
                        await why(isKey ? "keyRefused" : "functionRefused", "hello"),
                        new RegExp(`answered ${status}`),
                        isKey ? /urlTemplate .*system key.*connection setting/ : /function/,
                    );
                } finally {
                    await handler.close();
                }
            });
        }

        it("says that somebody broke the app on purpose, whatever status was chosen", async () => {
            const handler = await startEventHandler(() => ({}));
            try {
                for (const status of [401, 404, 500]) {
                    bench.handler(undefined);
                    const client = await bench.client();
                    bench.handler(`${handler.url}/x`);
                    // A second fault of the same kind takes the place of the first.
                    await bench.inspector.act({ do: "fault", kind: "handlerError", target: bench.hub, value: status });
                    assert.equal(await client.ask(`hello${status}`).catch(() => false), false);
                    says(
                        await why("functionFailed", `hello${status}`),
                        new RegExp(`answered ${status}, because the inspector broke it`),
                        /Try it/,
                    );
                }
            } finally {
                await handler.close();
            }
        });

        it("says that an answer did not come in time", async () => {
            const handler = await startEventHandler(({ method }) => (method === "OPTIONS" ? {} : "hang"));
            try {
                const client = await bench.client();
                bench.handler(`${handler.url}/x`);
                send(client, "hello");
                await bench.clock.waitFor(() => handler.requests.some(({ method }) => method === "POST"), "the event");
                await bench.clock.advance(100_000);
                says(await why("ackTimeout", "hello"), /No answer .* within \d+ s/, /The function must return/);
            } finally {
                await handler.close();
            }
        });

        it("says that nothing answers at the app's address", async () => {
            const client = await bench.client();
            // Nobody listens there. A port that was free a moment ago may be another process's now.
            bench.handler("http://localhost:1/x?code=abcdefgh12345678");
            send(client, "hello");
            // The services of Web PubSub ask for the handshake first, which fails at the same place.
            const event = await whyInTime(product === "signalr" ? "notConnected" : "handshakeFailed", "hello");
            assert.match(event.fix ?? "", /http:\/\/localhost:1\/x/);
            assert.doesNotMatch(JSON.stringify(await bench.inspector.events()), /abcdefgh12345678/);
        });

        it("says that the key does not fit, which the app's own host refuses", async () => {
            const app = await openTestApp({
                codeFolder: join(fixtures, apps[product]),
                settings: {
                    WebPubSubForSocketIOConnectionString: connection,
                    WebPubSubConnectionString: connection,
                    ChatService: connection,
                },
            });
            try {
                await app.app.ready();
                const client = await bench.client();
                bench.handler(app.url(`/runtime/webhooks/${webhooks[product]}?code=wrong-key-of-the-app`));
                send(client, "hello");
                says(
                    await why("keyRefused", "hello"),
                    /401|403/,
                    new RegExp(`urlTemplate '.*/${webhooks[product]}\\?code=…'`),
                );
                assert.doesNotMatch(JSON.stringify(await bench.inspector.events()), /wrong-key-of-the-app/);
            } finally {
                await app.close();
            }
        });
    });
}
