import assert from "node:assert/strict";
import { UnsecuredJWT } from "jose";
import { parseStackJson } from "../../cli/stackJson";
import { type Deployed, type Finding, readDeployed, verify } from "../../cli/verify";
import { runCli } from "../support/cli";

const negotiateUrl = "https://app.example.test/api/negotiate";
const endpoint = "https://service.example.test";
const now = 1_800_000_000_000;
const token = (seconds: number) => new UnsecuredJWT({}).setExpirationTime(now / 1000 + seconds).encode();
const signalR = (accessToken: string) => ({ url: "https://service.example.test/client/?hub=hub", accessToken });

interface Case {
    what: string;
    check: Finding["check"];
    deployed?: Partial<Deployed>;
    answer?: (url: URL, method: string) => Response | undefined;
    status?: Finding["status"];
    message: RegExp;
}

const status = (code: number) => () => new Response("", { status: code });
const negotiation = (body: unknown) => (url: URL) =>
    url.pathname.endsWith("/negotiate") ? Response.json(body) : undefined;
const at = (path: string, response: () => Response) => (url: URL) => (url.pathname === path ? response() : undefined);
const handshake = (origin: string) => () => new Response("", { headers: { "WebHook-Allowed-Origin": origin } });
const socketIO = { service: "socketio" as const, webhookKey: "the-key", masterKey: "master" };
const webhook = "/runtime/webhooks/socketio";

const cases: Case[] = [
    {
        what: "a function that requires a key",
        check: "negotiation",
        answer: status(401),
        message: /authLevel to anonymous/,
    },
    { what: "a missing function", check: "negotiation", answer: status(404), message: /wrong extension bundle/ },
    {
        what: "a failing function",
        check: "negotiation",
        answer: status(500),
        message: /answers 500: .* no role "Web PubSub Service Owner"/,
    },
    { what: "a starting host", check: "negotiation", answer: status(503), message: /the host is starting/ },
    {
        what: "an answer without a token",
        check: "negotiation",
        answer: negotiation({ hello: 1 }),
        message: /lacks a value that a client needs/,
    },
    {
        what: "another service",
        check: "negotiation",
        answer: negotiation({ endpoint: "https://other.example.test", path: "/x", token: token(60) }),
        message: /to other\.example\.test, but the stack's service is service\.example\.test/,
    },
    {
        what: "an expired token",
        check: "negotiation",
        answer: negotiation(signalR(token(-60))),
        message: /has expired/,
    },
    { what: "a token that is no JWT", check: "negotiation", answer: negotiation(signalR("x")), message: /not a JWT/ },
    {
        what: "an unreachable app",
        check: "negotiation",
        answer: () => {
            throw new TypeError("fetch failed", { cause: new Error("getaddrinfo ENOTFOUND app.example.test") });
        },
        message: /app\.example\.test does not answer: fetch failed: getaddrinfo ENOTFOUND/,
    },
    {
        what: "a missing extension",
        check: "webhook",
        answer: at(webhook, status(404)),
        message: /extensionBundle/,
    },
    { what: "a wrong key", check: "webhook", answer: at(webhook, status(401)), message: /does not accept this key/ },
    {
        what: "an unknown service",
        check: "webhook",
        answer: at(webhook, status(400)),
        message: /does not accept events from that service/,
    },
    {
        what: "permission for another service",
        check: "webhook",
        answer: at(webhook, handshake("other.example.test")),
        message: /allows other\.example\.test and not service\.example\.test/,
    },
    {
        what: "permission for all",
        check: "webhook",
        answer: at(webhook, handshake("*")),
        status: "passed",
        message: /allows service\.example\.test to send events/,
    },
    {
        what: "an access key",
        check: "role",
        deployed: { connection: "accessKey" },
        status: "passed",
        message: /needs no role/,
    },
    { what: "a stack that does not tell about identities", check: "role", status: "skipped", message: /localSettings/ },
    {
        what: "the general bundle",
        check: "bundle",
        answer: at("/admin/host/status", () =>
            Response.json({ extensionBundle: { id: "Microsoft.Azure.Functions.ExtensionBundle", version: "4.1.0" } }),
        ),
        message: /does not contain the bindings of Web PubSub for Socket\.IO\. Set .*\.Preview or/,
    },
    {
        what: "a host without a bundle",
        check: "bundle",
        answer: at("/admin/host/status", () => Response.json({ state: "Running", version: "4.1052.200" })),
        status: "passed",
        message: /without an extension bundle/,
    },
    {
        what: "a wrong master key",
        check: "bundle",
        answer: at("/admin/host/status", status(401)),
        message: /master key/,
    },
];

describe("the messages of azure-realtime verify", () => {
    for (const { what, check, deployed, answer, status: expected = "failed", message } of cases) {
        it(`explain ${what}`, async () => {
            const findings = await verify({
                deployed: { negotiateUrl, endpoint, ...socketIO, ...deployed },
                milliseconds: 1000,
                now: () => now,
                fetch: async (input, init) =>
                    answer?.(new URL(String(input)), init?.method ?? "GET") ?? new Response("", { status: 500 }),
            });
            const found = findings.find((finding) => finding.check === check);
            assert.match(found?.message ?? "", message);
            assert.equal(found?.status, expected);
            assert.doesNotMatch(JSON.stringify(findings), /the-key/);
        });
    }

    it("ask by POST where GET finds no function", async () => {
        const [found] = await verify({
            deployed: { negotiateUrl, endpoint, ...socketIO },
            milliseconds: 1000,
            now: () => now,
            fetch: async (_input, init) =>
                init?.method === "POST" ? new Response("", { status: 403 }) : new Response("", { status: 404 }),
        });
        assert.match(found?.message ?? "", /answers 403/);
    });
});

describe("verify with a stack's JSON", () => {
    const localSettings = JSON.stringify({ Values: { WebPubSubConnectionString__serviceUri: endpoint } });
    const outputs = { negotiateUrl, endpoint, localSettings };
    const secret = (value: unknown) => ({
        "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
        plaintext: JSON.stringify(value),
    });
    const exported = (...resources: { type: string; urn: string; outputs: unknown }[]) => ({
        version: 3,
        deployment: {
            resources: [
                { type: "pulumi:pulumi:Stack", urn: "urn:pulumi:dev::p::pulumi:pulumi:Stack::p-dev", outputs },
                ...resources,
            ],
        },
    });

    it("finds service and connection in the local settings", async () => {
        const { service, connection } = readDeployed({ stack: { outputs } });
        assert.deepEqual([service, connection], ["webpubsub", "identity"]);
    });

    it("finds the keys in an export, wrapped as secrets", async () => {
        const random = (name: string, result: string) => ({
            type: "random:index/randomPassword:RandomPassword",
            urn: `urn:pulumi:dev::p::random:index/randomPassword:RandomPassword::${name}`,
            outputs: { result: secret(result) },
        });
        const json = exported(
            random("chat-staging-keys-extension-key", "the slot's"),
            random("chat-keys-extension-key", "one"),
            random("chat-keys-master-key", "two"),
            random("chat-staging-keys-master-key", "the slot's"),
        );
        const { webhookKey, masterKey } = readDeployed({ stack: parseStackJson(JSON.stringify(json)) });
        assert.deepEqual([webhookKey, masterKey], ["one", "two"]);
    });

    it("finds a key that the extension generated in the hub's URL", () => {
        const outputsOfHub = { properties: { eventHandlers: [{ urlTemplate: "https://a.test/x?code=a%3D%3D" }] } };
        const hub = { type: "azure-native:webpubsub:WebPubSubHub", name: "hub", id: "", outputs: outputsOfHub };
        assert.equal(readDeployed({ stack: { outputs, resources: [hub] } }).webhookKey, "a==");
    });

    for (const { args, message } of [
        { args: ["verify"], message: /verify needs a stack's JSON/ },
        { args: ["verify", "no-such-file.json"], message: /no-such-file\.json cannot be read: ENOENT/ },
        {
            args: ["verify", "--negotiate-url", "x", "--endpoint", endpoint],
            message: /negotiateUrl is "x", which is not a URL/,
        },
        { args: ["verify", "x", "--data", "{}"], message: /must be a JSON array/ },
        { args: ["verify", "x", "--timeout", "0"], message: /above 0, up to 600/ },
        { args: ["verify", "x", "--service", "smoke"], message: /Allowed choices are socketio, webpubsub, signalr/ },
        {
            args: ["verify", "--negotiate-url", negotiateUrl, "--endpoint", endpoint, "--master-key-env", "NO_KEY"],
            message: /--master-key-env: the environment variable NO_KEY is not set/,
        },
        { args: ["emulator", "--port", "70000"], message: /from 0 to 65535/ },
        { args: ["emulator", "--event-handler", "localhost"], message: /absolute http or https URL/ },
    ]) {
        it(`refuses ${args.join(" ")}`, () => assert.rejects(runCli(args), message));
    }
});
