import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { UnsecuredJWT } from "jose";
import { signingKey, signToken, TokenError, verifyToken } from "../../../../emulator/core/service/tokens";
import { startSignalR } from "../../../support/signalRService";
import { startTestService } from "../../../support/socketIOService";
import { startWebPubSub } from "../../../support/webPubSubService";

const key = signingKey("key");
const audience = "http://localhost/client/hubs/chat";
const rule = { hosts: ["localhost"], path: "/client/hubs/chat" };
const now = Date.UTC(2026, 0, 1);

function verify(claims: Record<string, unknown>): void {
    const token = signToken({ key, now, lifetimeSeconds: 60, claims: { aud: audience, ...claims } });
    verifyToken({ token, keys: [{ key }], audience: rule, now });
}

function nested(depth: number): unknown {
    let value: unknown = 1;
    for (let level = 0; level < depth; level++) {
        value = level % 2 === 0 ? [value] : { a: value };
    }
    return value;
}

const notTexts: unknown[] = [0, 5, true, null, {}, { toString: "x" }, [], ["a"], [[]]];
const notLists: unknown[] = [0, 5, true, null, {}, [5], [null], ["a", 5], [["a"]], [{}]];

describe("the claims of a signed token", () => {
    for (const name of ["sub", "nameid", "asrs.s.uid"]) {
        it(`are refused when '${name}' is no text`, () => {
            verify({ [name]: "user" });
            for (const value of notTexts) {
                assert.throws(() => verify({ [name]: value }), TokenError, JSON.stringify(value));
            }
        });
    }

    for (const name of ["aud", "role", "webpubsub.group"]) {
        it(`are refused when '${name}' is neither a text nor a list of texts`, () => {
            verify({ [name]: name === "aud" ? ["other", audience] : ["a", "b"] });
            for (const value of notLists) {
                assert.throws(() => verify({ [name]: value }), TokenError, JSON.stringify(value));
            }
        });
    }

    for (const name of ["exp", "nbf", "iat"]) {
        it(`are refused when '${name}' is no number`, () => {
            for (const value of ["1", true, null, {}, [1], "x"]) {
                // The signer sets its own times, so the token is signed by hand.
                const token = signRaw({ aud: audience, exp: now / 1000 + 60, [name]: value });
                assert.throws(() => verifyToken({ token, keys: [{ key }], audience: rule, now }), TokenError);
            }
            const infinite = signRaw(`{"aud":"${audience}","exp":1e999}`);
            assert.throws(() => verifyToken({ token: infinite, keys: [{ key }], audience: rule, now }), TokenError);
        });
    }

    it("may hold anything else, but not too deep", () => {
        verify({ other: [1, { a: null }], nested: nested(60) });
        assert.throws(() => verify({ other: nested(200) }), /nested deeper than 64 levels/);
        const token = signRaw(`{"aud":"${audience}","exp":${now},"other":${"[".repeat(9000)}${"]".repeat(9000)}}`);
        assert.throws(() => verifyToken({ token, keys: [{ key }], audience: rule, now }), /nested deeper/);
    });

    it("are refused when the token holds no object", () => {
        for (const payload of ["null", "5", '"text"', "[]", "{", "", "true"]) {
            const token = signRaw(payload);
            assert.throws(() => verifyToken({ token, keys: [{ key }], audience: rule, now }), TokenError, payload);
        }
    });
});

function signRaw(payload: unknown): string {
    const text = typeof payload === "string" ? payload : JSON.stringify(payload);
    return signPayload(text, "key");
}

function signPayload(payload: string, accessKey: string): string {
    const encode = (part: string) => Buffer.from(part).toString("base64url");
    const head = `${encode('{"alg":"HS256","typ":"JWT"}')}.${encode(payload)}`;
    return `${head}.${createHmac("sha256", accessKey).update(head).digest("base64url")}`;
}

describe("tokens of strangers", () => {
    const services = [
        {
            name: "Web PubSub",
            start: () => startWebPubSub(),
            path: "/api/hubs/chat/:send",
            client: "/client/hubs/chat",
        },
        { name: "SignalR", start: () => startSignalR(), path: "/api/hubs/chat/:send", client: "/client/?hub=chat" },
        {
            name: "Socket.IO",
            start: () => startTestService(),
            path: "/api/hubs/hub/:send",
            client: "/clients/socketio/hubs/hub/?EIO=4&transport=polling",
        },
    ];
    for (const { name, start, path, client } of services) {
        it(`get 401 from ${name}, whatever their claims are, and no stack in the log`, async () => {
            const test = await start();
            try {
                const { endpoint, keys } = test.service;
                const exp = Math.floor(Date.now() / 1000) + 60;
                const claims = [
                    ...notLists.map((aud) => ({ aud })),
                    ...notTexts.map((sub) => ({ sub, exp })),
                    { aud: "https://webpubsub.azure.com", exp: {} },
                    { aud: "https://signalr.azure.com", oid: {}, exp },
                    { role: {}, exp },
                    { deep: nested(200), exp },
                ];
                const tokens = claims.flatMap((claim) => [
                    new UnsecuredJWT(claim as Record<string, unknown>).encode(),
                    signPayload(
                        JSON.stringify({ aud: `${endpoint}${client.split("?")[0]}`, ...claim }),
                        keys.primaryKey,
                    ),
                ]);
                for (const token of [...tokens, "a.b.c", ".", "..", "x", "e30.e30.", "bnVsbA.bnVsbA.bnVsbA"]) {
                    const headers = { authorization: `Bearer ${token}` };
                    const called = await fetch(`${endpoint}${path}`, { method: "POST", headers, body: "x" });
                    assert.equal(called.status, 401, `${token}: ${await called.text()}`);
                    if (name !== "Web PubSub") {
                        const method = name === "SignalR" ? "POST" : "GET";
                        const url = `${endpoint}${client.replace("/?hub", "/negotiate?hub")}`;
                        const asked = await fetch(url, { method, headers });
                        assert.equal(asked.status, 401, `${token}: ${await asked.text()}`);
                    }
                }
                assert.deepEqual(
                    test.log.filter(({ level, message }) => level === "error" || /\n\s+at /.test(message)),
                    [],
                );
            } finally {
                await test.close();
            }
        });
    }
});
