import assert from "node:assert/strict";
import { readDeployed } from "../../cli/verify/deployed";
import { appOf, findingsOf, fn, hub, own, plan, socketTrigger, upstream } from "../support/verifiedApp";

describe("azure-realtime verify on functions that listen", () => {
    it("asks with PUT, as the service names events, and runs no function", async () => {
        const asked: Request[] = [];
        const app = appOf({ listeners: { connect: 400 }, functions: [socketTrigger("connect")] }, asked);
        const of = await findingsOf({ resources: [hub("chat", own)] }, app);
        assert.deepEqual([of("listeners").status, of("hubs").status], ["passed", "passed"], of("hubs").message);
        const [put, ...more] = asked.filter(({ method }) => method === "PUT");
        assert.equal(more.length, 0);
        const headers = Object.fromEntries(put!.headers);
        assert.match(headers["ce-socketid"] ?? "", /^[0-9a-f-]{36}$/);
        assert.deepEqual(
            ["webhook-request-origin", "ce-type", "ce-eventname", "ce-hub", "ce-namespace"].map(
                (name) => headers[name],
            ),
            ["service.example.test", "azure.webpubsub.sys.connect", "connect", "chat", "/"],
        );
        assert.equal(new URL(put!.url).searchParams.get("code"), "webhook-key");
    });

    it("takes 401, which an app with access keys answers, for a function", async () => {
        const of = await findingsOf({ resources: [hub("chat", own)] }, { listeners: { connect: 401 } });
        assert.equal(of("listeners").status, "passed");
    });

    for (const { what, resources, message } of [
        {
            what: "Flex Consumption",
            resources: [plan("FC1")],
            message: /starts no Socket\.IO trigger.*issues\/877.*ElasticPremium/,
        },
        { what: "another plan", resources: [plan("EP1")], message: /no function with a trigger for it/ },
        { what: "an unknown plan", resources: [], message: /Either: The code has no function.* Or: On the Flex/ },
    ]) {
        it(`names the cause of a 404 of Socket.IO on ${what}`, async () => {
            const of = await findingsOf({ resources: [hub("chat", own), ...resources] }, {});
            assert.equal(of("listeners").status, "failed");
            assert.match(of("listeners").message, message);
        });
    }

    it("names the function whose trigger does not run", async () => {
        const functions = [socketTrigger("connect"), socketTrigger("message")];
        const resources = [hub("chat", own), plan("B1")];
        const of = await findingsOf({ resources }, { listeners: { connect: 400 }, functions });
        assert.match(of("listeners").message, /"message" of hub chat.*The code has on-message, but its trigger/);
        assert.equal(of("listeners").status, "failed");
    });

    it("names an old host as the cause on Web PubSub", async () => {
        const of = await findingsOf({ service: "webpubsub", resources: [hub("chat", own), plan("FC1")] }, {});
        assert.match(of("listeners").message, /before 2025-11-21.*restart the app/);
    });

    it("passes with a remark when only a notification has no function", async () => {
        const both = { ...own, systemEvents: ["connect", "disconnected"] };
        const of = await findingsOf({ resources: [hub("chat", both)] }, { listeners: { connect: 400 } });
        assert.equal(of("listeners").status, "passed");
        assert.match(of("listeners").message, /No function listens to "disconnected" of hub chat: add one, or take/);
    });

    it("asks in the namespace of the trigger", async () => {
        const asked: Request[] = [];
        const functions = [socketTrigger("connect", { namespace: "/admin" })];
        const app = appOf({ listeners: { connect: 400 }, functions }, asked);
        await findingsOf({ resources: [hub("chat", own)] }, app);
        const spaces = asked.filter(({ method }) => method === "PUT").map(({ headers }) => headers.get("ce-namespace"));
        assert.deepEqual(spaces, ["/admin"]);
    });

    it("asks nothing of SignalR, whose extension would run the function", async () => {
        const asked: Request[] = [];
        const of = await findingsOf({ service: "signalr" }, appOf({ functions: [] }, asked));
        assert.equal(of("listeners").status, "skipped");
        assert.match(of("listeners").message, /without running it/);
        assert.ok(!asked.some(({ method }) => method === "PUT"));
    });

    it("explains an answer that tells nothing", async () => {
        const of = await findingsOf({ resources: [hub("chat", own)] }, { listeners: { connect: 503 } });
        assert.match(of("listeners").message, /answers 503 to a question about "connect".*app's log/);
    });
});

describe("azure-realtime verify on hubs", () => {
    const chat = [socketTrigger("connect"), socketTrigger("message")];
    const elsewhere = { ...own, urlTemplate: "https://other.example.test/x" };
    for (const { what, resources, functions, message } of [
        {
            what: "a hub that only the code names",
            resources: [hub("lobby", own)],
            functions: chat,
            message: /listens to hub chat, but the service has settings for lobby: .*every client is let in/,
        },
        {
            what: "a hub that only the service names",
            resources: [hub("chat", own), hub("lobby", own)],
            functions: chat,
            message: /^The service sends the events of hub lobby to the app/,
        },
        {
            what: "an event that no handler selects",
            resources: [hub("chat", { ...own, userEventPattern: "typed" })],
            functions: chat,
            message: /No event handler of hub chat selects "message".*userEventPattern/,
        },
        {
            what: "a connect that no handler selects",
            resources: [hub("chat", { ...own, systemEvents: [] })],
            functions: chat,
            message: /selects "connect".*every client is let in.*systemEvents/,
        },
        {
            what: "a handler that takes the event before",
            resources: [hub("chat", elsewhere, own)],
            functions: chat,
            message: /elsewhere selects "connect" of hub chat before/,
        },
        {
            what: "a host without functions",
            resources: [hub("chat", own)],
            functions: [],
            message: /without any function.*_BLOB_MI_RESOURCE_ID/,
        },
        {
            what: "code of another service",
            resources: [hub("chat", own)],
            functions: [fn("f", { type: "httpTrigger" })],
            message:
                /None of the 1 functions has a trigger of Web PubSub for Socket\.IO, so the events of hub chat reach nobody\..*eventHandlers: \[\]/,
        },
    ]) {
        it(`explains ${what}`, async () => {
            const of = await findingsOf({ resources }, { functions });
            assert.equal(of("hubs").status, "failed");
            assert.match(of("hubs").message, message);
        });
    }

    // Apps that only send, as the vendor's notification samples, and those that read events in HTTP functions (webPubSubContext).
    for (const [what, resources] of [
        ["a hub without a handler", [hub("chat")]],
        ["no hub", []],
        [
            "a hub whose events go to an HTTP function of the app",
            [hub("chat", { ...own, urlTemplate: "https://app.example.test/api/{event}" })],
        ],
        ["a hub whose events go elsewhere", [hub("chat", elsewhere)]],
    ] as const) {
        it(`asks no trigger of code behind ${what}`, async () => {
            const of = await findingsOf(
                { resources: [...resources] },
                { functions: [fn("f", { type: "timerTrigger" })] },
            );
            assert.equal(of("hubs").status, "passed", of("hubs").message);
            for (const check of ["hubs", "webhook", "listeners"] as const) {
                assert.match(of(check).message, /sends no event to the app's webhook/);
                assert.equal(of(check).status, check === "hubs" ? "passed" : "skipped");
            }
        });
    }

    for (const service of ["signalr", "webpubsub"] as const) {
        const types = {
            signalr: ["signalRConnectionInfo", "signalR"],
            webpubsub: ["webPubSubConnection", "webPubSub"],
        };
        it(`takes code that only gives access to ${service} or sends, and has no trigger of it`, async () => {
            for (const type of types[service]) {
                const of = await findingsOf(
                    { service },
                    { functions: [fn("f", { type }), fn("g", { type: "timerTrigger" })] },
                );
                const { status, message } = of("hubs");
                assert.doesNotMatch(message, /None of the/);
                assert.ok(
                    service === "webpubsub" || (status === "passed" && /takes no events\.$/.test(message)),
                    message,
                );
            }
        });
    }

    it("asks no trigger of code behind SignalR without an upstream, and names the hubs of one with it", async () => {
        const functions = [fn("f", { type: "httpTrigger" })];
        const silent = await findingsOf({ service: "signalr", resources: [upstream()] }, { functions });
        assert.equal(silent("hubs").status, "passed", silent("hubs").message);
        const sending = await findingsOf(
            { service: "signalr", resources: [upstream({ hubPattern: "news" })] },
            { functions },
        );
        assert.match(sending("hubs").message, /events of hub news reach nobody.*upstreamTemplates: \[\]/);
    });

    it("compares no hub that an app setting names, when no setting is known", async () => {
        const functions = [socketTrigger("connect", { hub: "%HubName%" })];
        const of = await findingsOf({ resources: [hub("chat", own)] }, { functions, listeners: { connect: 400 } });
        assert.deepEqual([of("hubs").status, of("listeners").status], ["passed", "passed"], of("hubs").message);
        const hidden = { HubName: "@Microsoft.KeyVault(SecretUri=https://v/secrets/hub)" };
        const secret = await findingsOf({ settings: hidden, resources: [hub("chat", own)] }, { functions });
        assert.match(secret("hubs").message, /not compared/);
    });

    it("compares the hub that an app setting names, and the extension's own setting for a binding without a hub", async () => {
        for (const [name, settings] of [
            ["%hubname%", { HubName: "lobby" }],
            ["%WebPubSubForSocketIOHub_games%", { WebPubSubForSocketIOHub_games: "lobby" }],
            ["", { WebPubSubForSocketIOHub: "lobby" }],
            [undefined, { WebPubSubForSocketIOHub: "lobby" }],
        ] as const) {
            const functions = [socketTrigger("connect", { hub: name })];
            const wrong = await findingsOf({ settings: { ...settings }, resources: [hub("chat", own)] }, { functions });
            assert.match(wrong("hubs").message, /listens to hub lobby, but the service has settings for chat/);
            const right = await findingsOf(
                { settings: { ...settings }, resources: [hub("lobby", own)] },
                { functions },
            );
            assert.equal(right("hubs").status, "passed", right("hubs").message);
            assert.match(right("hubs").message, /^Hub lobby of the code/);
        }
    });

    it("names the setting of a hub that does not exist, and those that the backend sets", async () => {
        const functions = [socketTrigger("connect", { hub: "%ChatHub%" })];
        const of = await findingsOf({ settings: { Other: "x" }, resources: [hub("chat", own)] }, { functions });
        assert.equal(of("hubs").status, "failed");
        assert.match(
            of("hubs").message,
            /on-connect is the app setting ChatHub, which does not exist.*WebPubSubForSocketIOHub/,
        );
    });

    it("reads the app's settings from an export, and the local settings without it", () => {
        const localSettings = JSON.stringify({
            Values: { WebPubSubForSocketIOConnectionString__endpoint: "x", Hub: "a" },
        });
        const outputs = {
            negotiateUrl: "https://app.example.test/api/negotiate",
            endpoint: "https://e",
            localSettings,
        };
        assert.equal(readDeployed({ stack: { outputs } }).settings?.Hub, "a");
        const type = "azure-native:web:WebAppApplicationSettings";
        const resources = [{ type, name: "s", id: "", outputs: { properties: { Hub: "b" } } }];
        assert.equal(readDeployed({ stack: { outputs, resources } }).settings?.Hub, "b");
    });

    it("is skipped without a master key, and says why", async () => {
        const of = await findingsOf({ masterKey: undefined, resources: [hub("chat", own)] }, {});
        assert.equal(of("hubs").status, "skipped");
        assert.match(of("hubs").message, /master key is unknown.*--master-key-env/);
    });

    it("compares the functions of SignalR with the patterns of the upstream", async () => {
        const trigger = { type: "signalRTrigger", hubName: "chat", category: "messages", event: "send" };
        const deployed = { service: "signalr" as const, resources: [upstream({ hubPattern: "lobby,games" })] };
        const refused = await findingsOf(deployed, { functions: [fn("send", trigger)] });
        assert.match(
            refused("hubs").message,
            /No upstream template of the service selects hub chat, category messages/,
        );
        const resources = [upstream({ hubPattern: "lobby,chat", categoryPattern: "*" })];
        const taken = await findingsOf({ ...deployed, resources }, { functions: [fn("send", trigger)] });
        assert.equal(taken("hubs").status, "passed");
    });
});
