import assert from "node:assert/strict";
import { roles } from "../../../emulator/identity";
import { connected, serviceId, startTestService, type TestService } from "../../support/socketIOService";

const text = "text/plain";
const principal = {
    principalId: "aaaaaaaa-0000-0000-0000-000000000009",
    clientId: "cccccccc-0000-0000-0000-000000000009",
    resourceId: "/subscriptions/s/resourceGroups/test/providers/Microsoft.Web/sites/app",
};

describe("Socket.IO data plane: access", () => {
    let test: TestService;
    beforeEach(async () => {
        test = await startTestService();
    });
    afterEach(() => test.close());

    it("answers health without a token, and everything else only with one", async () => {
        assert.equal((await test.rest("HEAD", "/api/health", { token: null })).status, 200);
        const anonymous = await test.rest("DELETE", "/api/hubs/hub/connections/x", { token: null });
        assert.deepEqual([anonymous.status, anonymous.headers.get("x-ms-error-code")], [401, "Error.Unauthorized"]);
        const elsewhere = await test.rest("DELETE", "/api/hubs/hub/connections/x", { token: await test.token() });
        assert.equal(elsewhere.status, 401);
        assert.match(JSON.parse(elsewhere.text).message, /is for '/);
    });

    it("takes every listed api-version, lists them, and refuses others and two at once", async () => {
        for (const version of ["2021-10-01", "2022-11-01", "2023-07-01", "2024-01-01", "2024-12-01"]) {
            const answer = await test.rest("DELETE", `/api/hubs/hub/connections/x?api-version=${version}`);
            assert.equal(answer.status, 204);
            assert.match(answer.headers.get("api-supported-versions") ?? "", new RegExp(version));
        }
        for (const path of [
            "hub/connections/x?api-version=2099-01-01",
            "hub/connections/x?api-version=2024-12-01&api-version=2024-12-01",
            "1invalid/connections/x",
            "hub/connections/%20",
        ]) {
            assert.equal((await test.rest("DELETE", `/api/hubs/${path}`)).status, 400, path);
        }
        for (const ttl of ["301", "-1", "x"]) {
            assert.equal(
                (
                    await test.rest("POST", `/api/hubs/hub/:send?messageTtlSeconds=${ttl}`, {
                        body: '42["x"]',
                        contentType: text,
                    })
                ).status,
                400,
                ttl,
            );
        }
        assert.equal((await test.rest("GET", "/api/hubs/hub/nothing")).status, 404);
        assert.equal((await test.rest("GET", "/api/hubs/hub/:send")).status, 405);
    });

    describe("with an Entra token", () => {
        const entra = (audience = "https://webpubsub.azure.com") =>
            test.identity.issueToken({ principalId: principal.principalId, audience });
        const grant = () =>
            test.identity.assignRole({
                id: "a1",
                principalId: principal.principalId,
                roleId: roles.webPubSubServiceOwner,
                scope: serviceId,
            });
        const call = async (token: string) => test.rest("DELETE", "/api/hubs/hub/connections/x", { token });

        beforeEach(() => test.identity.addPrincipal(principal));

        it("refuses a principal without the data role, naming the role, in the answer and in the log", async () => {
            const answer = await call(await entra());
            assert.equal(answer.status, 403);
            assert.match(JSON.parse(answer.text).message, /Web PubSub Service Owner/);
            assert.match(test.warnings()[0] ?? "", /refused with 403: .*Web PubSub Service Owner/);
        });

        it("serves a principal with the data role, and refuses it once the role is gone", async () => {
            grant();
            assert.equal((await call(await entra())).status, 204);
            test.identity.removeRole("a1");
            assert.equal((await call(await entra())).status, 403);
        });

        it("refuses a token for another resource, and every one when Entra is switched off", async () => {
            grant();
            assert.equal((await call(await entra("https://vault.azure.net"))).status, 401);
            test.service.update({ disableAadAuth: true });
            const answer = await call(await entra());
            assert.equal(answer.status, 401);
            assert.match(answer.text, /disableAadAuth/);
        });

        it("makes client tokens that work even when local authentication is off", async () => {
            grant();
            test.service.update({ disableLocalAuth: true });
            const answer = await test.rest(
                "POST",
                "/api/hubs/hub/:generateToken?userId=ann&minutesToExpire=5&role=r&group=g",
                { token: await entra() },
            );
            assert.equal(answer.status, 200);
            const { token } = JSON.parse(answer.text);
            const claims = JSON.parse(Buffer.from(token.split(".")[1], "base64url").toString());
            assert.equal(claims.exp - claims.nbf, 300);
            assert.deepEqual(
                [claims.sub, claims.aud, claims.role, claims["webpubsub.group"]],
                ["ann", `${test.service.endpoint}/clients/socketio/hubs/hub`, ["r"], ["g"]],
            );
            await connected(await test.client({ token }));
            assert.equal(test.handler.events()[0]?.headers["ce-userid"], "ann");
        });

        it("does not make client tokens for an access key", async () => {
            assert.equal((await test.rest("POST", "/api/hubs/hub/:generateToken")).status, 401);
        });

        for (const [query, status] of [
            ["minutesToExpire=0", 400],
            ["minutesToExpire=-1", 400],
            ["minutesToExpire=no", 400],
            ["minutesToExpire=2147483648", 400],
            ["clientType=unknown", 400],
            ["clientType=MQTT", 501],
            ["clientType=socketio", 200],
            ["clientType=Default", 200],
            ["group=%20", 400],
            ["", 200],
        ] as const) {
            it(`answers ${status} to :generateToken?${query}`, async () => {
                grant();
                assert.equal(
                    (await test.rest("POST", `/api/hubs/hub/:generateToken?${query}`, { token: await entra() })).status,
                    status,
                );
            });
        }
    });
});
