import assert from "node:assert/strict";
import { decodeHeader } from "../../emulator/functions/host/http/headers";
import {
    called,
    completion,
    LongPolling,
    ServerSentEvents,
    startSignalR,
    type TestSignalR,
    WebSockets,
} from "../support/signalRService";
import { connected, group, next, startTestService, type TestService } from "../support/socketIOService";
import { until } from "../support/until";
import { json, reliable, startWebPubSub, type WebPubSubTest } from "../support/webPubSubService";

// The service writes UTF-8 into headers (wire protocol of the service's own emulator), and percent signs are plain characters. Web
// PubSub's REST API does not find names with a slash or a question mark as other names: webpubsub/restForms.test.ts.
const texts = [
    "grüße",
    "用户",
    "🎈 party",
    "100%25 é",
    "a&c=d;e=~f",
    "Ωmega.x_y",
    "'quoted' \"twice\"",
    "e\u0301 is not \u00e9",
    "\u05d0\u202eabc",
    "👩\u200d👧",
    "%zz %",
    "a\u2028b\u0085c",
    "\ufeffmark",
];

const decoded = (header: unknown) => decodeHeader(String(header));

describe("text of other alphabets: Web PubSub", () => {
    let test: WebPubSubTest;
    before(async () => {
        test = await startWebPubSub();
    });
    after(() => test.close());

    for (const text of texts) {
        for (const protocol of [json, reliable]) {
            it(`carries '${text}' as user, group and message over ${protocol}`, async () => {
                const seen = test.handler.events().length;
                const roles = ["webpubsub.joinLeaveGroup", "webpubsub.sendToGroup"];
                const client = await test.client({ protocols: [protocol], userId: text, roles });
                client.send({ type: "event", event: "said", dataType: "text", data: text, ackId: 1 });
                assert.deepEqual((await client.next()).type, "ack");
                const { headers, body } = test.handler
                    .events()
                    .slice(seen)
                    .find((event) => String(event.headers["ce-type"]).includes(".user."))!;
                assert.equal(decoded(headers["ce-userid"]), text);
                assert.equal(body, text);

                client.send({ type: "joinGroup", group: text, ackId: 2 });
                assert.equal((await client.next()).success, true);
                const part = encodeURIComponent(text);
                const post = (path: string) =>
                    test.rest("POST", `/api/hubs/chat/${path}/:send?api-version=2024-12-01`, {
                        body: text,
                        contentType: "text/plain",
                    });
                assert.equal((await post(`groups/${part}`)).status, 202);
                const { sequenceId: _, ...message } = await client.next();
                assert.deepEqual(message, {
                    type: "message",
                    from: "group",
                    fromUserId: null,
                    group: text,
                    dataType: "text",
                    data: text,
                });
                assert.equal((await post(`users/${part}`)).status, 202);
                const direct = await client.next();
                assert.deepEqual([direct.from, direct.data], ["server", text]);
                assert.equal(
                    (await test.rest("HEAD", `/api/hubs/chat/users/${part}?api-version=2024-12-01`)).status,
                    200,
                );
                const filter = encodeURIComponent(`'${text.replaceAll("'", "''")}' in groups`);
                const filtered = await test.rest(
                    "POST",
                    `/api/hubs/chat/:send?api-version=2024-12-01&filter=${filter}`,
                    { body: "f", contentType: "text/plain" },
                );
                assert.equal(filtered.status, 202, filtered.text);
                assert.equal((await client.next()).data, "f");
                client.socket.close();
                await client.closed;
            });
        }
    }

    it("writes a hub in lower case in events, whatever its settings and its clients say", async () => {
        test.service.setHub("sampleChat", {
            eventHandlers: [
                { urlTemplate: `${test.handler.url}/of/{hub}`, systemEvents: ["connected"], userEventPattern: "*" },
            ],
        });
        const seen = test.handler.events().length;
        const client = await test.client({ hub: "SampleChat", protocols: [json] });
        await until(() => test.handler.events().length > seen, "the event");
        const { headers, url } = test.handler.events()[seen]!;
        assert.equal(headers["ce-hub"], "samplechat");
        assert.equal(headers["ce-source"], `/hubs/samplechat/client/${client.connectionId}`);
        assert.equal(url, "/of/samplechat");
    });

    it("closes a client that sends an event whose name is not ASCII, and says why", async () => {
        const client = await test.client({ protocols: [json] });
        client.send({ type: "event", event: "grüße", data: 1 });
        assert.equal((await client.closed).code, 1007);
        assert.match(test.warnings(), /'event' is not a letter and up to 127 letters, digits or any of _\.-/);
    });

    it("refuses a hub whose name is not ASCII", async () => {
        assert.equal(await test.refused({ hub: encodeURIComponent("grüße") }), 400);
    });
});

describe("text of other alphabets: Web PubSub for Socket.IO", () => {
    let test: TestService;
    before(async () => {
        test = await startTestService();
    });
    after(() => test.close());

    for (const text of texts.filter((name) => !name.includes("?"))) {
        for (const transport of ["websocket", "polling"] as const) {
            it(`carries '${text}' as event, user, namespace and room over ${transport}`, async () => {
                test.handler.respond = ({ headers, body }) => {
                    const isMessage = String(headers["ce-type"]).endsWith(".user.message");
                    const id = /(\d+)\[/.exec(body)?.[1] ?? "";
                    const namespace = decoded(headers["ce-namespace"]);
                    return isMessage
                        ? {
                              headers: { "content-type": "text/plain" },
                              body: Buffer.from(
                                  `43${namespace},${id.replace(/^42/, "")}${JSON.stringify([text])}`,
                              ).toString("utf8"),
                          }
                        : {};
                };
                // A comma ends a namespace in a packet, and "?" its query.
                const namespace = `/${text}`;
                const socket = await connected(await test.client({ namespace, userId: text, transports: [transport] }));
                socket.emit(text, text);
                const found = () =>
                    test.handler
                        .events()
                        .find(
                            ({ headers }) =>
                                headers["ce-socketid"] === socket.id && String(headers["ce-type"]).endsWith("message"),
                        );
                await until(() => found() !== undefined, "the event");
                const { headers, body } = found()!;
                assert.equal(decoded(headers["ce-eventname"]), text);
                assert.equal(decoded(headers["ce-userid"]), text);
                assert.equal(decoded(headers["ce-namespace"]), namespace);
                assert.equal(body, `42${namespace},${JSON.stringify([text, text])}`);

                const changed = await test.rest("POST", "/api/hubs/hub/:addToGroups", {
                    body: JSON.stringify({
                        groups: [group(namespace, text)],
                        filter: `'${group(namespace, socket.id)}' in groups`,
                    }),
                    contentType: "application/json",
                });
                assert.equal(changed.status, 200, changed.text);
                const arrived = next(socket, text);
                await test.send(
                    { to: `groups/${group(namespace, text)}/` },
                    `42${namespace},${JSON.stringify([text, text])}`,
                );
                assert.deepEqual(await arrived, [text]);
                socket.disconnect();
            });
        }
    }
});

describe("text of other alphabets: SignalR Service", () => {
    let test: TestSignalR;
    before(async () => {
        test = await startSignalR();
    });
    after(() => test.close());

    const ways = { WebSockets, ServerSentEvents, LongPolling };
    for (const text of texts) {
        for (const [way, transport] of Object.entries(ways)) {
            it(`carries '${text}' as method, user, group and claim over ${way}`, async () => {
                test.upstream.answer = (call) =>
                    /invocationId/.test(call.body) ? completion(call, text) : { status: 200 };
                const client = await test.connect({
                    transport,
                    userId: text,
                    claims: { city: text },
                    query: `q=${encodeURIComponent(text)}`,
                });
                assert.equal(await client.invoke(text, text), text);
                const call = test.upstream.calls
                    .filter(({ headers }) => headers["x-asrs-category"] === "messages")
                    .at(-1)!;
                assert.equal(decoded(call.headers["x-asrs-event"]), text);
                assert.equal(decoded(call.headers["x-asrs-user-id"]), text);
                assert.ok(decoded(call.headers["x-asrs-user-claims"]).includes(`city: ${text}`));
                assert.equal(new URLSearchParams(decoded(call.headers["x-asrs-client-query"])).get("q"), text);
                const sent = JSON.parse(Buffer.from(call.body, "latin1").toString()) as { arguments: unknown };
                assert.deepEqual(sent.arguments, [text]);

                const part = encodeURIComponent(text);
                const id = String(call.headers["x-asrs-connection-id"]);
                const joined = await test.rest(
                    "PUT",
                    `/api/hubs/chat/groups/${part}/connections/${id}?api-version=2022-06-01`,
                );
                assert.equal(joined.status, 200);
                for (const to of [`groups/${part}`, `users/${part}`]) {
                    const arrived = called(client, text);
                    assert.equal((await test.send({ to, target: text, arguments: [text] })).status, 202);
                    assert.deepEqual(await arrived, [text]);
                }
                await client.stop();
            });
        }

        it(`carries '${text}' in MessagePack`, async () => {
            const client = await test.connect({ messagePack: true });
            const arrived = called(client, text);
            await test.send({ target: text, arguments: [{ [text]: text }] });
            assert.deepEqual(await arrived, [{ [text]: text }]);
            await client.stop();
        });
    }
});
