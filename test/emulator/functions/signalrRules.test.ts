import assert from "node:assert/strict";
import type { HostFunction } from "../../../emulator/functions/host/extensions/extension";
import { parseAction } from "../../../emulator/functions/host/extensions/signalr/actions";
import { toCall } from "../../../emulator/functions/host/extensions/signalr/calls";
import { resolveConnection } from "../../../emulator/functions/host/extensions/signalr/connection";
import {
    keyOfTrigger,
    parameterNamesOf,
    parseClaims,
    parseQuery,
} from "../../../emulator/functions/host/extensions/signalr/events";
import { createSettings } from "../../../emulator/functions/host/settings";

function functionWith(trigger: Record<string, unknown>): HostFunction {
    return { name: "f", trigger: { type: "signalRTrigger", direction: "in", name: "i", ...trigger } } as HostFunction;
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
    ];
    for (const [name, value, expected] of paths) {
        it(`puts ${name} in a path, encoded, the hub in lower case`, () => {
            const call = toCall({ action: parseAction(value), hub: "Hub/X" });
            assert.equal(`${call?.method} ${call?.path}`, expected);
        });
    }

    it("joins the values of a query's name, and keeps the first of a claim", () => {
        assert.deepEqual(parseQuery("?k1=v1&k1=v2&k2=v%203"), { k1: "v1,v2", k2: "v 3" });
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
        ["an AuthType", { Chat: "Endpoint=https://a;AuthType=azure.msi;Version=1.0;" }, /AuthType.*'Chat__serviceUri'/],
        ["an unresolved reference", { Chat: "@Microsoft.KeyVault(SecretUri=https://v/s)" }, /was not resolved/],
        ["no URL", { Chat__serviceUri: "chat" }, /'chat' is not an http or https URL/],
    ];
    for (const [name, values, error] of settings) {
        it(`refuses a connection with ${name}, and never repeats a key`, () => {
            const host = { settings: createSettings(values), token: async () => "" };
            assert.throws(
                () => resolveConnection({ name: "Chat", host }),
                (failure: Error) => {
                    assert.match(failure.message, error);
                    assert.ok(!`${failure.message}${String(failure.cause)}`.includes(secret));
                    return true;
                },
            );
        });
    }

    it("takes a connection string before an identity", () => {
        const host = {
            settings: createSettings({
                Chat: `Endpoint=https://a.example;AccessKey=${secret};Version=1.0;`,
                Chat__serviceUri: "https://b.example",
            }),
            token: async () => "",
        };
        assert.equal(resolveConnection({ name: "Chat", host }).endpoint, "https://a.example");
    });
});
