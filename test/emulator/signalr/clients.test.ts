import assert from "node:assert/strict";
import { messagePackProtocol } from "../../../emulator/signalr/protocol/messagePack";
import {
    called,
    closed,
    completion,
    LongPolling,
    ServerSentEvents,
    startSignalR,
    type TestSignalR,
    WebSockets,
} from "../../support/signalRService";
import { until } from "../../support/until";

const ways = [
    ["WebSockets, JSON", { transport: WebSockets }],
    ["WebSockets without negotiation", { transport: WebSockets, skipNegotiation: true }],
    ["server-sent events, JSON", { transport: ServerSentEvents }],
    ["long polling, JSON", { transport: LongPolling }],
    ["WebSockets, MessagePack", { transport: WebSockets, messagePack: true }],
    ["long polling, MessagePack", { transport: LongPolling, messagePack: true }],
] as const;

describe("SignalR service: clients", () => {
    let test: TestSignalR;
    beforeEach(async () => {
        test = await startSignalR();
    });
    afterEach(() => test.close());

    for (const [name, way] of ways) {
        it(`connects, hears and calls over ${name}`, async () => {
            test.upstream.answer = (call) => {
                if (call.headers["x-asrs-category"] !== "messages") {
                    return { status: 200 };
                }
                const isJson = call.headers["content-type"] === "application/json";
                return isJson
                    ? completion(call, { echoed: JSON.parse(call.body).arguments })
                    : {
                          status: 200,
                          body: messagePackProtocol.completion({
                              invocationId: /\0?([0-9])\xa4echo/.exec(call.body)?.[1] ?? "",
                              result: { echoed: ["packed"] },
                          }),
                      };
            };
            const client = await test.connect({ ...way, userId: "ann" });
            const news = called(client, "news");
            const text = "x".repeat(300);
            assert.equal(
                (await test.send({ target: "news", arguments: [text, { n: 1.5 }, [null, true]] })).status,
                202,
            );
            assert.deepEqual(await news, [text, { n: 1.5 }, [null, true]]);

            const answer = await client.invoke("echo", "hallo");
            assert.deepEqual(answer, { echoed: ["messagePack" in way ? "packed" : "hallo"] });
            assert.equal(test.service.connections(), 1);

            await client.stop();
            await until(() => test.events("disconnected").length === 1, "the disconnected event");
            assert.equal(test.service.connections(), 0);
            assert.deepEqual(JSON.parse(test.events("disconnected")[0]?.body ?? ""), { type: 11 });
            assert.deepEqual(test.warnings(), []);
        });
    }

    // Source: ServerSentEventsMessageFormatterTests.cs of dotnet/aspnetcore, whose payloads have line breaks.
    for (const [name, way] of ways.filter(([name]) => name.endsWith("JSON"))) {
        for (const end of ["\n", "\r\n", "\r"]) {
            it(`hands over an answer with the line breaks ${JSON.stringify(end)} over ${name}`, async () => {
                test.upstream.answer = ({ headers, body }) => {
                    if (headers["x-asrs-category"] !== "messages") {
                        return { status: 200 };
                    }
                    const { invocationId } = JSON.parse(body) as { invocationId: string };
                    const answer = JSON.stringify({ type: 3, invocationId, result: ["ä", 1] }, null, 2);
                    return { status: 200, body: `${answer.replaceAll("\n", end)}${end}\u001e` };
                };
                const client = await test.connect({ ...way });
                assert.deepEqual(await client.invoke("x"), ["ä", 1]);
            });
        }
    }

    it("answers a negotiation as the service does", async () => {
        const token = await test.token();
        const negotiate = async (version: string) => {
            const response = await fetch(`${test.service.endpoint}/client/negotiate?hub=chat${version}`, {
                method: "POST",
                headers: { Authorization: `Bearer ${token}` },
            });
            return (await response.json()) as Record<string, unknown>;
        };
        const current = await negotiate("&negotiateVersion=1");
        assert.equal(current.negotiateVersion, 1);
        assert.notEqual(current.connectionToken, current.connectionId);
        assert.deepEqual(current.availableTransports, [
            { transport: "WebSockets", transferFormats: ["Text", "Binary"] },
            { transport: "ServerSentEvents", transferFormats: ["Text"] },
            { transport: "LongPolling", transferFormats: ["Text", "Binary"] },
        ]);
        const old = await negotiate("");
        assert.equal(old.negotiateVersion, 0);
        assert.equal("connectionToken" in old, false);
    });

    const refusals: [name: string, status: number, request: () => Promise<{ path: string; token?: string }>][] = [
        ["no token", 401, async () => ({ path: "?hub=chat" })],
        ["a token of another hub", 401, async () => ({ path: "?hub=chat", token: await test.token({ hub: "other" }) })],
        ["a token of a wrong key", 401, async () => ({ path: "?hub=chat", token: await test.token({ key: "nope" }) })],
        ["no hub", 400, async () => ({ path: "", token: await test.token() })],
        ["an invalid hub", 400, async () => ({ path: "?hub=1chat", token: await test.token() })],
    ];
    for (const [name, status, request] of refusals) {
        it(`refuses a negotiation with ${name}`, async () => {
            const { path, token } = await request();
            const response = await fetch(`${test.service.endpoint}/client/negotiate${path}`, {
                method: "POST",
                headers: token === undefined ? {} : { Authorization: `Bearer ${token}` },
            });
            assert.equal(response.status, status);
        });
    }

    it("takes tokens of the secondary key, and a hub in other case", async () => {
        const token = await test.token({ hub: "chat", key: test.service.keys.secondaryKey });
        const response = await fetch(`${test.service.endpoint}/client/negotiate?hub=Chat`, {
            method: "POST",
            headers: { Authorization: `Bearer ${token}` },
        });
        assert.equal(response.status, 200);
    });

    it("serves no client in mode Default, and says what to set", async () => {
        test.service.update({ serviceMode: undefined });
        await assert.rejects(test.connect(), /503/);
        assert.match(test.warnings().join(), /feature flag ServiceMode to Serverless/);
    });

    it("takes no more clients than a free service has connections", async () => {
        test.service.update({ sku: "Free_F1" });
        await Promise.all(Array.from({ length: 20 }, () => test.connect()));
        await assert.rejects(test.connect(), /429/);
        assert.equal(test.service.connections(), 20);
    });

    it("lets pages in from the origins that its CORS settings name, and from all by default", async () => {
        const preflight = async (origin: string) => {
            const response = await fetch(`${test.service.endpoint}/client/negotiate?hub=chat`, {
                method: "OPTIONS",
                headers: {
                    Origin: origin,
                    "Access-Control-Request-Method": "POST",
                    "Access-Control-Request-Headers": "authorization,x-requested-with",
                },
            });
            assert.equal(response.status, 204);
            return [
                response.headers.get("access-control-allow-origin"),
                response.headers.get("access-control-allow-credentials"),
                response.headers.get("access-control-allow-headers"),
            ];
        };
        assert.deepEqual(await preflight("https://a.example"), [
            "https://a.example",
            "true",
            "authorization,x-requested-with",
        ]);
        test.service.update({ cors: { allowedOrigins: ["https://b.example"] } });
        assert.deepEqual(await preflight("https://a.example"), [null, null, null]);
        assert.equal((await preflight("https://b.example"))[0], "https://b.example");
    });

    it("keeps hubs apart", async () => {
        const chat = await test.connect();
        const other = await test.connect({ hub: "other" });
        other.on("news", () => assert.fail("the other hub heard it"));
        const news = called(chat, "news");
        await test.send({ target: "news" });
        await news;
    });

    it("tells a client why it is closed", async () => {
        const client = await test.connect();
        const end = closed(client);
        const response = await test.rest("DELETE", `/api/hubs/chat/connections/${client.connectionId}?reason=enough`);
        // The client keeps the id from the negotiation.
        assert.equal(response.status, 200);
        assert.match(String(await end), /enough/);
        await until(() => test.events("disconnected").length === 1, "the disconnected event");
        assert.deepEqual(JSON.parse(test.events("disconnected")[0]?.body ?? ""), { type: 11, error: "enough" });
    });

    it("closes its clients and its port when it closes", async () => {
        const clients = await Promise.all(
            [WebSockets, ServerSentEvents, LongPolling].map((transport) => test.connect({ transport })),
        );
        const ends = clients.map(closed);
        await test.service.close();
        await Promise.all(ends);
        await assert.rejects(fetch(`${test.service.endpoint}/api/health`));
    });
});
