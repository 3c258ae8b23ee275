import assert from "node:assert/strict";
import { decodeJwt } from "jose";
import { systemClock } from "../../../emulator/core/clock";
import type { ExtensionHost, HostFunction } from "../../../emulator/functions/host/extensions/extension";
import { parseAction } from "../../../emulator/functions/host/extensions/signalr/actions";
import { toCall } from "../../../emulator/functions/host/extensions/signalr/calls";
import { resolveEndpoints, type SignalREndpoints } from "../../../emulator/functions/host/extensions/signalr/endpoints";
import {
    keyOfTrigger,
    parameterNamesOf,
    parseClaims,
    parseQuery,
} from "../../../emulator/functions/host/extensions/signalr/events";
import { createNegotiator } from "../../../emulator/functions/host/extensions/signalr/negotiate";
import { callService } from "../../../emulator/functions/host/extensions/signalr/service";
import { createSettings } from "../../../emulator/functions/host/settings";

function functionWith(trigger: Record<string, unknown>): HostFunction {
    return { name: "f", trigger: { type: "signalRTrigger", direction: "in", name: "i", ...trigger } } as HostFunction;
}

/** The service of a connection that has one. */
function only({ all }: SignalREndpoints) {
    const [first, ...more] = all;
    assert.ok(first);
    assert.deepEqual(more, []);
    return first;
}

describe("functions: SignalR rules", () => {
    const paths: [name: string, value: unknown, expected: string][] = [
        ["a message", { target: "t", arguments: [] }, "POST /api/hubs/hub%2Fx/:send"],
        [
            "a user",
            { target: "t", arguments: [], userId: "a b/ü" },
            "POST /api/hubs/hub%2Fx/users/a%20b%2F%C3%BC/:send",
        ],
        ["a number as user", { target: "t", arguments: [], UserId: 7 }, "POST /api/hubs/hub%2Fx/users/7/:send"],
        [
            "a group action",
            { action: "add", groupName: "a/b", connectionId: "c" },
            "PUT /api/hubs/hub%2Fx/groups/a%2Fb/connections/c",
        ],
        // Sources: SignalRGroupAction.cs and SignalRMessage.cs of the extension, read by Newtonsoft.Json.
        [
            "an action by its number",
            { action: 1, groupName: "g", userId: "u" },
            "DELETE /api/hubs/hub%2Fx/users/u/groups/g",
        ],
        ["a number as text", { action: "2", userId: "u" }, "DELETE /api/hubs/hub%2Fx/users/u/groups"],
        ["a number as target", { target: 7, arguments: [] }, "POST /api/hubs/hub%2Fx/:send"],
    ];
    for (const [name, value, expected] of paths) {
        it(`puts ${name} in a path, encoded, the hub in lower case`, () => {
            const call = toCall({ action: parseAction(value), hub: "Hub/X" });
            assert.equal(`${call?.method} ${call?.path}`, expected);
        });
    }

    it("joins the values of a query's name, and keeps the first of a claim", () => {
        assert.deepEqual(parseQuery("?k1=v1&k1=v2&k2=v%203"), { k1: "v1,v2", k2: "v 3" });
        // Source: KeyValueAccumulator.cs of dotnet/aspnetcore, whose names ignore case.
        assert.deepEqual(
            parseQuery("?User=ann&USER=bob&__proto__=x"),
            Object.fromEntries([
                ["User", "ann,bob"],
                ["__proto__", "x"],
            ]),
        );
        assert.deepEqual(parseClaims("k1: v1, k1: v2, k2: v3, odd, more: a: b"), { k1: "v1", k2: "v3" });
        assert.equal(parseQuery(undefined), undefined);
        assert.equal(parseClaims(""), undefined);
    });

    const triggers: [trigger: Record<string, unknown>, error: RegExp][] = [
        [{ category: "messages", event: "e" }, /no hubName/],
        [{ hubName: "h", event: "e" }, /no category/],
        [{ hubName: "h", category: "messages" }, /no event/],
        [{ hubName: "h", category: "other", event: "e" }, /Category other is not supported\. Known are/],
        [{ hubName: "h", category: "connections", event: "e" }, /Event e is not supported in connections\. Known are/],
    ];
    for (const [trigger, error] of triggers) {
        it(`refuses a trigger with ${JSON.stringify(trigger)}`, () => {
            assert.throws(() => keyOfTrigger({ fn: functionWith(trigger), resolve: (text) => text }), error);
        });
    }

    it("takes a parameter name once, whatever its case", () => {
        assert.deepEqual(parameterNamesOf(functionWith({ parameterNames: ["a", "b"] })), ["a", "b"]);
        assert.throws(() => parameterNamesOf(functionWith({ parameterNames: ["a", "A"] })), /ignore case unique/);
    });

    const secret = "ThisIsTheSecretKey";
    const settings: [name: string, values: Record<string, string>, error: RegExp][] = [
        ["nothing", {}, /not set\. Set app setting 'Chat' to a connection string, or 'Chat__serviceUri'/],
        ["a client id alone", { Chat__clientId: "c" }, /'Chat__serviceUri'/],
        ["no endpoint", { Chat: `AccessKey=${secret};Version=1.0;` }, /'Chat' is not a connection string/],
        // Source: ConnectionStringParserTests of Azure/azure-signalr.
        ["no key", { Chat: "Endpoint=https://a;Version=1.0;" }, /has no AccessKey/],
        [
            "another version",
            { Chat: `Endpoint=https://a;AccessKey=${secret};version=2.0` },
            /Version 2\.0 is not supported/,
        ],
        ["a port that is none", { Chat: `Endpoint=https://a;AccessKey=${secret};port=0` }, /port '0' must be/],
        ["a port that is empty", { Chat: `Endpoint=https://a;AccessKey=${secret};port=` }, /port '' must be/],
        ["a port with a sign", { Chat: `Endpoint=https://a;AccessKey=${secret};port=+80` }, /port '\+80' must be/],
        ["a part twice", { Chat: `Endpoint=https://a;AccessKey=${secret};endpoint=https://b` }, /more than once/],
        [
            "a clientEndpoint that is no URL",
            { Chat: `Endpoint=https://a;AccessKey=${secret};ClientEndpoint=a` },
            /Invalid value for clientEndpoint property, it must be a valid URI/,
        ],
        [
            "an application's secret",
            { Chat: `Endpoint=https://a;AuthType=azure.app;clientId=1;tenantId=2;clientSecret=${secret}` },
            /AuthType=azure\.app signs in as an application.*Use AuthType=azure\.msi/,
        ],
        [
            "an application's secret in the old form",
            { Chat: `Endpoint=https://a;AuthType=aad;clientId=1;tenantId=2;clientSecret=${secret}` },
            /AuthType=aad signs in as an application/,
        ],
        [
            "an unknown transport",
            { Chat: `Endpoint=https://a;AccessKey=${secret}`, AzureSignalRServiceTransportType: "Pigeon" },
            /^Invalid service transport type: Pigeon\./,
        ],
        ["an unresolved reference", { Chat: "@Microsoft.KeyVault(SecretUri=https://v/s)" }, /was not resolved/],
        ["no URL", { Chat__serviceUri: "chat" }, /'chat' is not an http or https URL/],
    ];
    for (const [name, values, error] of settings) {
        it(`refuses a connection with ${name}, and never repeats a key`, () => {
            const host = { settings: createSettings(values), token: async () => "" };
            assert.throws(
                () => only(resolveEndpoints({ name: "Chat", host })),
                (failure: Error) => {
                    const { cause } = failure;
                    assert.match(`${failure.message}${cause instanceof Error ? cause.message : ""}`, error);
                    assert.ok(!`${failure.message}${String(failure.cause)}`.includes(secret));
                    return true;
                },
            );
        });
    }

    // Sources: ConnectionStringParserTests and NegotiateProcessorFacts of Azure/azure-signalr, IConfigurationExtensionsFacts of the
    // extension in Azure/azure-sdk-for-net.
    const gateways: [name: string, values: Record<string, string>, expected: [server: string, client: string]][] = [
        ["none", { Chat: "Endpoint=https://a:500/;AccessKey=k;port=400" }, ["https://a:400", "https://a:400"]],
        [
            "a clientEndpoint",
            { Chat: "Endpoint=https://a;AccessKey=k;Version=1.1-preview;clientEndpoint=https://gate/chat/" },
            ["https://a", "https://gate/chat"],
        ],
        [
            "a serverEndpoint",
            { Chat: "endpoint=https://a;accesskey=k;ServerEndpoint=http://ccc:500" },
            ["http://ccc:500", "https://a"],
        ],
        [
            "both, with an identity",
            { Chat__serviceUri: "https://a", Chat__serverEndpoint: "https://s", Chat__clientEndpoint: "https://c" },
            ["https://s", "https://c"],
        ],
    ];
    for (const [name, values, expected] of gateways) {
        it(`reads a connection with ${name}`, () => {
            const host = { settings: createSettings(values), token: async () => "" };
            const { serverEndpoint, clientEndpoint } = only(resolveEndpoints({ name: "Chat", host }));
            assert.deepEqual([serverEndpoint, clientEndpoint], expected);
        });
    }

    it("sends clients and calls through the gateways, with tokens for the service", async () => {
        const calls: [url: string, audience: unknown][] = [];
        const host = {
            settings: createSettings({
                Chat: "Endpoint=https://a;AccessKey=k;ClientEndpoint=https://gate/x;ServerEndpoint=https://server/y",
            }),
            token: async () => "",
            clock: systemClock,
            fetch: async (url: unknown, init?: RequestInit) => {
                const { authorization = "" } = (init?.headers ?? {}) as Record<string, string>;
                calls.push([String(url), decodeJwt(authorization.replace("Bearer ", "")).aud]);
                return new Response(null, { status: 202 });
            },
        } as unknown as ExtensionHost;
        const connection = only(resolveEndpoints({ name: "Chat", host }));
        const binding = { name: "info", type: "signalRConnectionInfo", direction: "in" as const };
        const { url, accessToken } = await createNegotiator(host)({ connection, hub: "Chat", binding });
        assert.deepEqual(
            [url, decodeJwt(accessToken).aud],
            ["https://gate/x/client/?hub=chat", "https://a/client/?hub=chat"],
        );
        await callService({ connection, host, call: { method: "POST", path: "/api/hubs/chat/:send" } });
        const target = "/api/hubs/chat/:send?api-version=2022-06-01";
        assert.deepEqual(calls, [[`https://server/y${target}`, `https://a${target}`]]);
    });

    for (const [text, clientId] of [
        ["AuthType=azure.msi", undefined],
        ["AuthType=azure.msi;clientId=123", "123"],
        ["AuthType=aad;tenantId=x", undefined],
        ["AuthType=AAD;clientId=123", "123"],
        ["AuthType=azure;clientId=xxxx", undefined],
    ] as const) {
        it(`signs in with an identity for ${text}`, async () => {
            const asked: unknown[] = [];
            const token = async (request: unknown) => `token ${asked.push(request)}`;
            const host = { settings: createSettings({ Chat: `Endpoint=https://a;${text};Version=1.0;` }), token };
            const { credential, accessKey } = only(resolveEndpoints({ name: "Chat", host }));
            assert.equal("token" in credential && (await credential.token()), "token 1");
            const resource = "https://signalr.azure.com";
            assert.deepEqual(asked, [clientId === undefined ? { resource } : { resource, clientId }]);
            assert.equal(accessKey, undefined);
        });
    }

    it("hands on claims as they are, and those with the name of a token's own as text", async () => {
        const host = { settings: createSettings({ Chat: "Endpoint=https://a;AccessKey=k" }), clock: systemClock };
        const connection = only(resolveEndpoints({ name: "Chat", host: { ...host, token: async () => "" } }));
        const given = { exp: 1795714343, aud: ["x", 1], n: 5, ok: true, list: [1, "b"], deep: { a: 1 }, other: 2 };
        const idToken = `${["{}", JSON.stringify(given)].map((part) => Buffer.from(part).toString("base64url")).join(".")}.`;
        const claimTypeList = Object.keys(given).filter((name) => name !== "other");
        const binding = {
            name: "info",
            type: "signalRConnectionInfo",
            direction: "in" as const,
            idToken,
            claimTypeList,
        };
        const { accessToken } = await createNegotiator(host as unknown as ExtensionHost)({
            connection,
            hub: "h",
            binding,
        });
        const { nbf, exp, iat, aud, ...custom } = decodeJwt(accessToken);
        const { n, ok, list, deep } = given;
        assert.deepEqual(custom, { n, ok, list, deep, "asrs.u.exp": "1795714343", "asrs.u.aud": ["x", "1"] });
        assert.ok(typeof exp === "number" && nbf === iat && aud === "https://a/client/?hub=h");
    });

    it("takes a connection string before an identity", () => {
        const host = {
            settings: createSettings({
                Chat: `Endpoint=https://a.example;AccessKey=${secret};Version=1.0;`,
                Chat__serviceUri: "https://b.example",
            }),
            token: async () => "",
        };
        assert.equal(only(resolveEndpoints({ name: "Chat", host })).endpoint, "https://a.example");
    });
});
