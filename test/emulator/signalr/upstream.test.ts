import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { decode } from "@msgpack/msgpack";
import { messagePackProtocol } from "../../../emulator/signalr/protocol/messagePack";
import { called, closed, completion, startSignalR, type TestSignalR } from "../../support/signalRService";
import { until } from "../../support/until";

describe("SignalR service: upstream", () => {
    let test: TestSignalR;
    beforeEach(async () => {
        test = await startSignalR();
    });
    afterEach(() => test.close());

    const signatureOf = (id: unknown): string =>
        [test.service.keys.primaryKey, test.service.keys.secondaryKey]
            .map((key) => `sha256=${createHmac("sha256", key).update(String(id)).digest("hex")}`)
            .join(",");

    it("sends a connected client with its headers, signed with both keys", async () => {
        await test.connect({ userId: "änn", claims: { role: ["a", "b"] }, query: "room=7&room=8" });
        await until(() => test.events("connected").length === 1, "the connected event");
        const { method, path, headers, body } = test.events("connected")[0]!;
        assert.equal(`${method} ${path}`, "POST /runtime/webhooks/signalr");
        assert.equal(body, '{"type":10}');
        assert.equal(headers["content-type"], "application/json");
        assert.equal(headers["x-asrs-hub"], "chat");
        assert.equal(headers["x-asrs-category"], "connections");
        assert.equal(Buffer.from(String(headers["x-asrs-user-id"]), "latin1").toString(), "änn");
        assert.equal(headers["x-asrs-client-query"], "?hub=chat&room=7&room=8");
        assert.match(String(headers["x-asrs-user-claims"]), /(^|, )role: a, role: b(,|$)/);
        assert.equal(headers["x-asrs-signature"], signatureOf(headers["x-asrs-connection-id"]));
    });

    it("sends what a client sent, with an invocation id only when it waits", async () => {
        const client = await test.connect();
        test.upstream.answer = (call) => (/invocationId/.test(call.body) ? completion(call, 42) : { status: 200 });
        await client.send("chat", "hi", { a: [1] });
        assert.equal(await client.invoke("chat", "ho"), 42);
        const [sent, invoked] = test.events("chat").map(({ body }) => JSON.parse(body) as Record<string, unknown>);
        assert.deepEqual(sent, { type: 1, target: "chat", arguments: ["hi", { a: [1] }] });
        assert.deepEqual(invoked, { type: 1, invocationId: "0", target: "chat", arguments: ["ho"] });
        assert.equal(test.events("chat")[0]?.headers["x-asrs-category"], "messages");
    });

    it("sends MessagePack as it came, and hands over the answer", async () => {
        const client = await test.connect({ messagePack: true });
        await until(() => test.events("connected").length === 1, "the connected event");
        test.upstream.answer = (call) => {
            const message = decode(Buffer.from(call.body, "latin1")) as unknown[];
            return {
                status: 200,
                body: messagePackProtocol.completion({ invocationId: String(message[2]), result: message }),
            };
        };
        const message = (await client.invoke("pack", "ho", 7)) as unknown[];
        assert.deepEqual(message, [1, {}, "0", "pack", ["ho", 7]]);
        assert.equal(test.events("pack")[0]?.headers["content-type"], "application/x-msgpack");
    });

    const failures: [name: string, answer: { status: number; body?: string }, error: RegExp][] = [
        ["an error status", { status: 500 }, /Invocation failed, status code 500/],
        ["another good status", { status: 201, body: "x" }, /Invocation failed, status code 201/],
        ["what is no completion", { status: 200, body: "hello" }, /not a completion/],
        [
            "a completion of another invocation",
            { status: 200, body: '{"type":3,"invocationId":"99"}\u001e' },
            /not a completion/,
        ],
        [
            "an error",
            { status: 200, body: '{"type":3,"invocationId":"0","error":"no such room"}\u001e' },
            /no such room/,
        ],
    ];
    for (const [name, answer, error] of failures) {
        it(`fails an invocation that is answered with ${name}, once`, async () => {
            const client = await test.connect();
            await until(() => test.events("connected").length === 1, "the connected event");
            test.upstream.answer = () => answer;
            await assert.rejects(client.invoke("chat"), error);
            assert.equal(test.events("chat").length, 1);
        });
    }

    for (const status of [200, 204]) {
        it(`completes an invocation that is answered ${status} with nothing`, async () => {
            const client = await test.connect();
            test.upstream.answer = () => ({ status });
            assert.equal((await client.invoke("chat")) ?? null, null);
        });
    }

    it("fails an invocation when the upstream does not answer", async () => {
        const client = await test.connect();
        await until(() => test.events("connected").length === 1, "the connected event");
        await test.upstream.close();
        await assert.rejects(client.invoke("chat"), /status code 500/);
        assert.match(test.warnings().join("\n"), /'chat' failed: No answer from/);
    });

    it("refuses streams by name", async () => {
        const client = await test.connect();
        const end = new Promise((resolve) =>
            client.stream("counter").subscribe({ next: resolve, complete: () => resolve("complete"), error: resolve }),
        );
        assert.match(String(await end), /'counter' is called as a stream, which serverless mode does not support/);
    });

    for (const status of [401, 403]) {
        it(`closes a client whose connected event is answered ${status}, and sends no further events of it`, async () => {
            test.upstream.answer = ({ headers }) => ({
                status: headers["x-asrs-event"] === "connected" ? status : 200,
            });
            const client = test.client();
            const end = closed(client);
            await client.start().catch(() => undefined);
            assert.match(String(await end), new RegExp(`refused the connection with status ${status}`));
            await until(() => test.service.connections() === 0, "the connection to go");
            assert.equal(test.events("disconnected").length, 0);
        });
    }

    it("keeps a client whose connected event no template takes", async () => {
        test.upstream.answer = ({ headers }) => ({ status: headers["x-asrs-event"] === "connected" ? 404 : 200 });
        const client = await test.connect();
        const news = called(client, "news");
        await test.send({ target: "news" });
        await news;
        await until(() => test.warnings().length > 0, "a word about it");
        assert.match(test.warnings().join("\n"), /connected was not taken: .* answered 404/);
    });

    it("says once that no function takes an event about connections, and not for every client", async () => {
        test.upstream.answer = ({ headers }) => ({ status: headers["x-asrs-category"] === "connections" ? 404 : 200 });
        for (const client of [await test.connect(), await test.connect(), await test.connect()]) {
            await client.stop();
        }
        await until(() => test.events("disconnected").length === 3, "the last disconnected event");
        await until(() => test.warnings().length === 2, "a word about each event");
        const [connected = "", disconnected = ""] = test.warnings();
        assert.match(
            connected,
            /connected was not taken: .* answered 404.* The app has no function for it, which is told once\.$/,
        );
        assert.match(disconnected, /disconnected was not delivered: .* answered 404/);
    });

    it("names the trigger that takes an invocation which no function takes", async () => {
        test.upstream.answer = ({ headers }) => ({ status: headers["x-asrs-category"] === "messages" ? 404 : 200 });
        const client = await test.connect();
        await assert.rejects(client.invoke("sendMesage", "hi"), /Invocation failed, status code 404/);
        const [warning = ""] = test.warnings();
        assert.match(warning, /^Hub 'chat': .*'sendMesage' failed: .*answered 404\. A signalRTrigger of this hub, /);
        assert.match(warning, /category messages and event 'sendMesage', takes it\.$/);
    });

    it("delivers a client's messages one after the other", async () => {
        const client = await test.connect();
        let running = 0;
        test.upstream.answer = async () => {
            assert.equal(++running, 1);
            await new Promise((resolve) => setImmediate(resolve));
            running--;
            return { status: 200 };
        };
        await Promise.all([client.send("a"), client.send("b"), client.send("c")]);
        await until(() => test.events("c").length === 1, "the last message");
        assert.deepEqual(
            test.upstream.calls.slice(1).map(({ headers }) => headers["x-asrs-event"]),
            ["a", "b", "c"],
        );
    });

    // Source: DispatchMessagesAsync of HubProxyHandler.cs in Azure/azure-signalr, src/Microsoft.Azure.SignalR.Emulator.
    it("delivers what a client said before it left, then that it left", async () => {
        let release = (): void => undefined;
        const released = new Promise<void>((resolve) => (release = resolve));
        test.upstream.answer = async ({ headers }) => {
            if (headers["x-asrs-category"] === "messages") {
                await released;
            }
            return { status: 200 };
        };
        const client = await test.connect();
        await Promise.all([client.send("a"), client.send("b"), client.send("c")]);
        await client.stop();
        await until(() => test.service.connections() === 0, "the end of the connection");
        release();
        await until(() => test.events("disconnected").length === 1, "disconnected");
        assert.deepEqual(
            test.upstream.calls.map(({ headers }) => headers["x-asrs-event"]),
            ["connected", "a", "b", "c", "disconnected"],
        );
    });

    it("chooses the first template that matches hub, category and event, and fills its URL in", async () => {
        const at = (path: string): string => `${test.upstream.origin}${path}`;
        test.service.update({
            upstream: {
                templates: [
                    { urlTemplate: at("/connected"), categoryPattern: "connections", eventPattern: "connected" },
                    { urlTemplate: at("/other"), hubPattern: "other" },
                    { urlTemplate: at("/two"), eventPattern: "x, chat", categoryPattern: "messages" },
                    { urlTemplate: at("/{hub}/{category}/{event}?code=a"), categoryPattern: "*" },
                ],
            },
        });
        const client = await test.connect();
        await client.invoke("chat");
        await client.invoke("CHAT");
        await client.invoke("say it/now");
        assert.deepEqual(
            test.upstream.calls.map(({ path }) => path),
            ["/connected", "/two", "/chat/messages/CHAT", "/chat/messages/say it/now"],
        );
        assert.equal(test.upstream.calls.at(-1)?.query.code, "a");
    });

    it("says which invocation goes nowhere", async () => {
        test.service.update({ upstream: { templates: [] } });
        const client = await test.connect();
        await assert.rejects(client.invoke("chat"), /'chat' goes nowhere: the service has no upstream template/);
        assert.equal(test.upstream.calls.length, 0);
    });

    it("puts the secret of a Key Vault reference in the URL, and names what keeps it from that", async () => {
        await test.close();
        let fault: Error | undefined;
        const references = {
            resolve: ({ principalId }: { text: string; principalId?: string }): string => {
                if (fault !== undefined) {
                    throw fault;
                }
                return `key of ${principalId}`;
            },
        };
        test = await startSignalR({ references, principalId: "p1" });
        const upstreamWith = (name: string) => ({
            templates: [
                {
                    urlTemplate: `${test.upstream.origin}/signalr?code={@Microsoft.KeyVault(SecretUri=https://v/secrets/${name})}`,
                },
            ],
        });
        test.service.update({ upstream: upstreamWith("a") });
        const client = await test.connect();
        await client.invoke("chat");
        assert.equal(test.events("chat")[0]?.query.code, "key of p1");
        fault = new Error("p1 does not have role 'Key Vault Secrets User'");
        test.service.update({ upstream: upstreamWith("b") });
        await assert.rejects(client.invoke("chat"), /status code 500/);
        assert.match(test.warnings().join("\n"), /does not have role 'Key Vault Secrets User'/);
    });

    it("signs in with the service's identity where a template asks for it", async () => {
        await test.close();
        test = await startSignalR({ principalId: "p1" });
        test.identity.addPrincipal({ principalId: "p1", clientId: "c1", resourceId: test.service.id });
        test.service.update({
            upstream: {
                templates: [
                    {
                        urlTemplate: `${test.upstream.origin}/signalr`,
                        auth: { type: "ManagedIdentity", managedIdentity: { resource: "api://app" } },
                    },
                ],
            },
        });
        const client = await test.connect();
        await client.invoke("chat");
        const token = String(test.events("chat")[0]?.headers.authorization).replace("Bearer ", "");
        const claims = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString()) as { aud: string };
        assert.equal(claims.aud, "api://app");
    });

    it("lets no claim or method name break a header", async () => {
        const client = await test.connect({ claims: { note: "a\r\nX-ASRS-User-Id: root" } });
        await client.invoke("line\r\nbreak");
        const call = test.upstream.calls.at(-1);
        assert.equal(call?.headers["x-asrs-event"], "line  break");
        assert.equal(call?.headers["x-asrs-user-id"], undefined);
    });
});
