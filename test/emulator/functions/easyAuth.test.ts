import assert from "node:assert/strict";
import { request } from "node:http";
import type { EasyAuthSettings } from "../../../emulator/functions";
import type { Principal } from "../../../emulator/identity";
import { openTestApp, type TestApp } from "../../support/functionApp";
import { writtenApp } from "../../support/writtenApp";

// Sources: learn, app-service/configure-authentication-provider-aad (401 for a token that is not valid, 403 for a caller that the
// policy does not name, checks of appid and oid), configure-authentication-user-identities (headers, which callers cannot set),
// configure-authentication-customize-sign-in-out (paths below /.auth), configure-authentication-file-based (excludedPaths).
const codeFolder = writtenApp(`
const about = (request) => ({ jsonBody: Object.fromEntries([...request.headers].filter(([name]) => /^x-ms-(client-principal|token)/.test(name))) });
app.http("open", { authLevel: "anonymous", handler: about });
app.http("openly", { authLevel: "anonymous", handler: about });
app.http("closed", { authLevel: "anonymous", handler: about });
`);

const clientId = "11111111-aaaa-bbbb-cccc-222222222222";
const principal = (digit: number): Principal => ({
    principalId: `aaaaaaaa-0000-0000-0000-00000000000${digit}`,
    clientId: `cccccccc-0000-0000-0000-00000000000${digit}`,
    resourceId: `/subscriptions/s/resourceGroups/g/providers/x/y/${digit}`,
});
const [service, other] = [principal(1), principal(2)];
const settings: EasyAuthSettings = {
    requireAuthentication: true,
    refusal: 401,
    excludedPaths: ["/api/open"],
    clientId,
    allowedAudiences: [`api://${clientId}`],
    allowedIdentities: [service.principalId.toUpperCase()],
    hasLogin: false,
};

interface Answer {
    status: number;
    body: string;
    headers: Record<string, string | string[] | undefined>;
}

function send(test: TestApp, path: string, headers: Record<string, string | string[]> = {}): Promise<Answer> {
    return new Promise((resolve, reject) => {
        const sent = request(
            { host: "127.0.0.1", port: test.app.port, path, headers: { host: test.app.hostName, ...headers } },
            (response) => {
                const chunks: Buffer[] = [];
                response.on("data", (chunk) => chunks.push(chunk));
                response.on("end", () =>
                    resolve({
                        status: response.statusCode ?? 0,
                        body: String(Buffer.concat(chunks)),
                        headers: response.headers,
                    }),
                );
            },
        );
        sent.on("error", reject);
        sent.end();
    });
}

describe("App Service authentication of an app", function () {
    this.timeout(60_000);
    let test: TestApp;
    before(async () => {
        test = await openTestApp({ codeFolder, easyAuth: settings, identities: { userAssigned: [service, other] } });
        await test.app.ready();
    });
    after(() => test.close());

    const tokenOf = async ({ principalId }: Principal, audience = clientId) =>
        `Bearer ${await test.core.identity.issueToken({ principalId, audience })}`;

    it("lets a named service in by the audience's id or its URI, and tells the app about it", async () => {
        for (const audience of [clientId, `api://${clientId}`]) {
            const answer = await send(test, "/api/closed", { authorization: await tokenOf(service, audience) });
            assert.equal(answer.status, 200);
            const told = JSON.parse(answer.body) as Record<string, string>;
            assert.equal(told["x-ms-client-principal-id"], service.principalId);
            assert.equal(told["x-ms-client-principal-idp"], "aad");
            const claims = JSON.parse(Buffer.from(told["x-ms-client-principal"] ?? "", "base64").toString()) as {
                auth_typ: string;
                claims: { typ: string; val: string }[];
            };
            assert.equal(claims.auth_typ, "aad");
            assert.ok(claims.claims.some(({ typ, val }) => typ === "appid" && val === service.clientId));
        }
    });

    it("refuses calls without a valid token with 401 and says for whom one is needed", async () => {
        const wrong: Record<string, string>[] = [
            {},
            { authorization: "Bearer nonsense" },
            { authorization: "Bearer a.b.c" },
            { authorization: await tokenOf(service, "https://vault.azure.net") },
            { authorization: `${await tokenOf(service)}x` },
            { authorization: (await tokenOf(service)).replace("Bearer ", "Basic ") },
        ];
        for (const headers of wrong) {
            const answer = await send(test, "/api/closed", headers);
            assert.equal(answer.status, 401, JSON.stringify(headers).slice(0, 40));
            assert.match(
                String(answer.headers["www-authenticate"]),
                new RegExp(`^Bearer realm="localhost:\\d+" .*${clientId}`),
            );
        }
    });

    it("refuses others with 403, although their token is valid", async () => {
        assert.equal((await send(test, "/api/closed", { authorization: await tokenOf(other) })).status, 403);
    });

    it("guards every path that is not excluded, in whatever spelling, the webhook and the host's own among them", async () => {
        for (const path of [
            "/",
            "/api/openly",
            "/api/closed",
            "/api/open/../closed",
            "/api/open/%2e%2e/closed",
            "/API/CLOSED",
            "//api/open/../closed",
            "/runtime/webhooks/socketio?code=x",
            "/admin/host/status",
        ]) {
            assert.ok([400, 401].includes((await send(test, path)).status), path);
        }
        for (const path of ["/api/open", "/API/Open", "/api/open?x=/api/closed"]) {
            assert.equal((await send(test, path)).status, 200, path);
        }
    });

    it("takes away what callers say in the platform's name, on excluded paths too", async () => {
        const forged = {
            "x-ms-client-principal-id": "forged",
            "X-MS-CLIENT-PRINCIPAL": "e30=",
            "x-ms-client-principal-name": ["a", "b"],
            "x-ms-token-aad-access-token": "forged",
            "X-MS-TOKEN-GOOGLE-ID-TOKEN": "forged",
            "x-ms-token": "forged",
        };
        assert.deepEqual(JSON.parse((await send(test, "/api/open", forged)).body), {});
        const answer = await send(test, "/api/closed", { ...forged, authorization: await tokenOf(service) });
        assert.equal(answer.body.includes("forged"), false);
    });

    it("logs the reason without the token", async () => {
        const authorization = await tokenOf(other);
        await send(test, "/api/closed", { authorization });
        const { message } = await test.logged(/is not among allowedPrincipals\.identities/);
        assert.ok(message.includes(other.principalId) && !message.includes(authorization.slice(7)));
    });

    it("changes with an update, and ends with one", async () => {
        const { allowedIdentities: _, ...open } = settings;
        const hasStatus = async (status: number, headers = {}) =>
            assert.equal((await send(test, "/api/closed", headers)).status, status);
        await test.app.update({ easyAuth: { ...open, refusal: 403 } });
        await hasStatus(403);
        await hasStatus(200, { authorization: await tokenOf(other) });
        await test.app.update({ easyAuth: { ...open, allowedApplications: [service.clientId] } });
        await hasStatus(403, { authorization: await tokenOf(other) });
        await hasStatus(200, { authorization: await tokenOf(service) });
        await test.app.update({ easyAuth: { ...open, issuerFault: "another tenant" } });
        await hasStatus(401, { authorization: await tokenOf(service) });
        await test.app.update({ easyAuth: { ...open, requireAuthentication: false } });
        await hasStatus(200);
        await hasStatus(401, { authorization: "Bearer nonsense" });
        await test.app.update({ easyAuth: undefined });
        await hasStatus(200, { authorization: "Bearer nonsense" });
        await test.app.update({ easyAuth: settings });
        await hasStatus(401);
    });

    it("lets people log in where that is set up, and nowhere else", async () => {
        assert.equal((await send(test, "/.auth/login/aad?user=ann")).status, 404);
        const { allowedIdentities: _, ...open } = settings;
        await test.app.update({ easyAuth: { ...open, hasLogin: true, allowedApplications: [clientId] } });
        assert.equal((await send(test, "/.auth/me")).status, 401);
        assert.match(
            (await send(test, "/.auth/login/aad?post_login_redirect_uri=/%22%3E%3Cscript%3E")).body,
            /<form>(?!.*<script>)/,
        );
        for (const [back, location] of [
            ["/api/open", "/api/open"],
            ["https://evil.example.com", "/"],
            ["//evil.example.com", "/"],
            ["/\\evil.example.com", "/"],
            // Browsers drop tabs and line ends, and resolve dots, before they look for a host.
            ["/\t/evil.example.com", "/"],
            ["/\t\\evil.example.com", "/"],
            ["/\r\n/evil.example.com", "/"],
            ["\t//evil.example.com", "/"],
            ["/.//evil.example.com", "/"],
            ["/x/..//evil.example.com", "/"],
            ["/%2e//evil.example.com", "/"],
            ["//[", "/"],
            ["/@evil.example.com/?a=b#c", "/@evil.example.com/?a=b#c"],
            ["/api/sch\u00f6n \u20ac", "/api/sch%C3%B6n%20%E2%82%AC"],
            ["/a\r\nSet-Cookie: x=y", "/aSet-Cookie:%20x=y"],
        ]) {
            const answer = await send(
                test,
                `/.auth/login/aad?user=ann&post_login_redirect_uri=${encodeURIComponent(back ?? "")}`,
            );
            assert.deepEqual([answer.status, answer.headers.location], [302, location]);
        }
        const { headers } = await send(test, "/.auth/login/aad?user=ann");
        const [set = ""] = headers["set-cookie"] ?? [];
        assert.match(set, /^AppServiceAuthSession=\S+; Path=\/; HttpOnly/);
        const cookie = set.split(";")[0] ?? "";
        const told = JSON.parse((await send(test, "/api/closed", { cookie: `a=b; ${cookie}` })).body) as Record<
            string,
            string
        >;
        assert.equal(told["x-ms-client-principal-name"], "ann");
        assert.match(told["x-ms-client-principal-id"] ?? "", /^[0-9a-f-]{36}$/);
        assert.equal((await send(test, "/.auth/me", { cookie })).status, 200);
        const gone = await send(test, "/.auth/logout", { cookie });
        assert.match(String(gone.headers["set-cookie"]), /Max-Age=0/);
    });
});
