import assert from "node:assert/strict";
import { SignJWT, UnsecuredJWT } from "jose";
import { matchesAudience, signingKey, TokenError, verifyToken } from "../../../../emulator/core/service/tokens";

const accessKey = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789ABCDEFGH";
const issued = 1700000000_000;
const key = signingKey(accessKey);
const clientRule = { hosts: ["localhost:8080"], path: "/clients/socketio/hubs/testHub" };

// Tokens from a different implementation of the algorithm.
const clientToken =
    "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJuYmYiOjE3MDAwMDAwMDAsImV4cCI6MTcwMDAwMzYwMCwiaWF0IjoxNzAwMDAwMDAwLCJhdWQiOiJodHRwOi8vbG9jYWxob3N0OjgwODAvY2xpZW50cy9zb2NrZXRpby9odWJzL3Rlc3RIdWIiLCJzdWIiOiJ1c2VyMSJ9.4H6pMkk1nFHjUJcen8b5MZ54B_TEN4-uyVR65un1Dg0";
const restToken =
    "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJuYmYiOjE3MDAwMDAwMDAsImV4cCI6MTcwMDAwMDMwMCwiaWF0IjoxNzAwMDAwMDAwLCJhdWQiOiJodHRwOi8vbG9jYWxob3N0OjgwODAvYXBpL2h1YnMvaHViL2dyb3Vwcy8wfkx3fi86c2VuZD9hcGktdmVyc2lvbj0yMDI0LTAxLTAxIn0.1g6ujaxxuXWddUQh-CWrsYaUMCeH_Mg0-oQGu8ddi4c";

async function refusal(options: Partial<Parameters<typeof verifyToken>[0]> & { token: string }): Promise<string> {
    try {
        await verifyToken({ keys: [{ key }], audience: clientRule, now: issued, ...options });
    } catch (error) {
        assert.ok(error instanceof TokenError, String(error));
        return error.message;
    }
    return assert.fail("the token was accepted");
}

describe("tokens", () => {
    it("accepts a client token that an SDK made", async () => {
        const claims = await verifyToken({ token: clientToken, keys: [{ key }], audience: clientRule, now: issued });
        assert.equal(claims.sub, "user1");
    });

    it("accepts a REST token whose audience has the query", async () => {
        const audience = { hosts: ["localhost:8080"], path: "/api/hubs/hub/groups/0~Lw~/:send" };
        const claims = await verifyToken({ token: restToken, keys: [{ key }], audience, now: issued + 299_000 });
        assert.equal(claims.sub, undefined);
    });

    it("accepts the secondary key as well as the primary", async () => {
        const keys = [{ key: signingKey("primary") }, { key }];
        assert.equal((await verifyToken({ token: clientToken, keys, audience: clientRule, now: issued })).sub, "user1");
    });

    it("accepts an expired token for five minutes of clock skew and no longer", async () => {
        const expiry = issued + 3600_000;
        await verifyToken({ token: clientToken, keys: [{ key }], audience: clientRule, now: expiry + 299_000 });
        assert.match(await refusal({ token: clientToken, now: expiry + 301_000 }), /expired/);
    });

    it("checks the time of a token that it has seen before", async () => {
        const options = { token: clientToken, keys: [{ key }], audience: clientRule, remember: true };
        for (const now of [issued, issued + 1000]) {
            assert.equal(verifyToken({ ...options, now }).sub, "user1");
        }
        assert.throws(() => verifyToken({ ...options, now: issued + 3901_000 }), /expired/);
        assert.throws(
            () => verifyToken({ ...options, keys: [{ key: signingKey("other") }], now: issued }),
            /not signed/,
        );
    });

    it("refuses a token that is not valid yet", async () => {
        assert.match(await refusal({ token: clientToken, now: issued - 301_000 }), /'nbf'/);
    });

    it("refuses a token of another key, naming the cause", async () => {
        assert.match(
            await refusal({ token: clientToken, keys: [{ key: signingKey("other") }] }),
            /not signed with a key of this service/,
        );
    });

    it("refuses a token of a key that is switched off, with the reason given", async () => {
        assert.equal(await refusal({ token: clientToken, keys: [{ key, refused: "Off." }] }), "Off.");
    });

    it("refuses a token for another hub, naming both", async () => {
        const message = await refusal({
            token: clientToken,
            audience: { ...clientRule, path: "/clients/socketio/hubs/other" },
        });
        assert.match(message, /testHub/);
        assert.match(message, /hubs\/other/);
    });

    it("refuses a token for another port", async () => {
        assert.match(
            await refusal({ token: clientToken, audience: { ...clientRule, hosts: ["localhost:8081"] } }),
            /is for/,
        );
    });

    it("refuses an unsigned token", async () => {
        const token = new UnsecuredJWT({ aud: "http://localhost:8080/clients/socketio/hubs/testHub" })
            .setExpirationTime(issued / 1000 + 60)
            .encode();
        assert.match(await refusal({ token }), /HS256|not a JWT/);
    });

    it("refuses a token without exp", async () => {
        const token = await new SignJWT({ aud: "http://localhost:8080/clients/socketio/hubs/testHub" })
            .setProtectedHeader({ alg: "HS256" })
            .sign(key);
        assert.match(await refusal({ token }), /no 'exp'/);
    });

    it("refuses what is not a JWT", async () => {
        assert.match(await refusal({ token: "rubbish" }), /not a JWT/);
    });
});

describe("token audience", () => {
    const path = "/api/hubs/chat/groups/room/connections/";
    const base = "localhost/api/hubs/chat/groups/room/connections";
    const cases: [audience: string, accepted: boolean][] = [
        [`http://${base}`, true],
        [`https://${base}?maxpagesize=99`, true],
        [`ws://${base}/`, true],
        [`wss://${base}/child`, true],
        [`HTTP://${base.toUpperCase()}`, true],
        [`ftp://${base}`, false],
        [`http://${base}Suffix`, false],
        [`http://${base}%253Fquery`, false],
        [`http://other/api/hubs/chat/groups/room/connections`, false],
        ["https://webpubsub.azure.com", false],
    ];
    for (const [audience, accepted] of cases) {
        it(`${accepted ? "takes" : "refuses"} ${audience}`, () => {
            assert.equal(matchesAudience(audience, { hosts: ["localhost"], path }), accepted);
        });
    }

    // Source: RestAudienceUsesPartiallyDecodedPathWithoutRawTargetFallback of the vendor's own emulator, RestApiTests.Authentication.cs.
    const mixed: [hub: string, group: string, decoded: string, sentIsTaken: boolean, query?: string][] = [
        ["chat", "room%2Fpart", "room%2Fpart", true],
        ["chat", "room%252Fpart", "room%2Fpart", true],
        ["chat", "literal%2520value", "literal%20value", true],
        ["chat", "room%20name", "room name", true],
        ["chat", "room+part", "room+part", true],
        ["chat%5B1%5D", "room%252Fpart", "room%2Fpart", true],
        ["chat%5B1%5D", "room%2Fpart", "room%2Fpart", false],
        ["chat%5B1%5D", "room+part", "room+part", false],
        ["chat%5B1%5D", "room%3Fpart", "room?part", true],
        ["chat%5B1%5D", "room%3Fpart", "room?part", false, "?maxpagesize=1"],
    ];
    for (const [hub, group, decoded, sentIsTaken, query = ""] of mixed) {
        it(`compares audiences of /${hub}/${group}${query} with the path as the web server decodes it`, () => {
            const sent = `/api/hubs/${hub}/groups/${group}/connections`;
            const taken = (audience: string) =>
                matchesAudience(`http://localhost${audience}`, { hosts: ["localhost"], path: sent });
            assert.equal(taken(`${sent}${query}`), sentIsTaken);
            assert.equal(taken(`/api/hubs/${decodeURIComponent(hub)}/groups/${decoded}/connections`), true);
        });
    }

    const encoded: [sent: string, audience: string][] = [
        ["/api/hubs/chat/groups/room%2Fpart/connections", "/api/hubs/chat/groups/room%2Fpart/connections"],
        ["/api/hubs/chat/groups/room%20name/connections", "/api/hubs/chat/groups/room name/connections"],
        ["/api/hubs/chat/groups/0~Lw~/:send", "/api/hubs/chat/groups/0%7ELw%7E/%3Asend"],
    ];
    for (const [sent, audience] of encoded) {
        it(`takes audience ${audience} for a call to ${sent}`, () => {
            assert.equal(matchesAudience(`http://localhost${audience}`, { hosts: ["localhost"], path: sent }), true);
        });
    }
});
