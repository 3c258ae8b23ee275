import assert from "node:assert/strict";
import { ManagedIdentityCredential } from "@azure/identity";
import { SignJWT, UnsecuredJWT } from "jose";
import {
    AuthorizationError,
    type Identity,
    openIdentity,
    type Principal,
    type RoleName,
    roleDisplayName,
    roles,
} from "../../emulator/identity";
import { FakeClock } from "../support/clock";

const group = "/subscriptions/s/resourceGroups/g";
const vault = `${group}/providers/Microsoft.KeyVault/vaults/keys`;
const audience = "https://vault.azure.net";
const app: Principal = {
    principalId: "aaaaaaaa-0000-0000-0000-000000000001",
    clientId: "cccccccc-0000-0000-0000-000000000001",
    resourceId: `${group}/providers/Microsoft.Web/sites/app`,
};
const other: Principal = {
    principalId: "aaaaaaaa-0000-0000-0000-000000000002",
    clientId: "cccccccc-0000-0000-0000-000000000002",
    resourceId: `${group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/other`,
};

describe("identity", () => {
    const clock = new FakeClock();
    let identity: Identity;

    beforeEach(async () => {
        identity = await openIdentity({ clock });
        identity.addPrincipal(app);
        identity.addPrincipal(other);
    });
    afterEach(() => identity.close());

    function assign(options: { scope: string; role?: RoleName; principalId?: string; id?: string }): void {
        const { scope, role = "keyVaultSecretsUser", principalId = app.principalId, id = "assignment" } = options;
        identity.assignRole({ id, principalId, roleId: roles[role], scope });
    }

    function authorize(token: string, anyRole: RoleName[] = ["keyVaultSecretsUser"]) {
        return identity.authorize({ token, audience, anyRole, scope: vault });
    }

    function refusal(status: number, pattern: RegExp) {
        return (error: unknown) => {
            assert.ok(error instanceof AuthorizationError);
            assert.equal(error.status, status);
            assert.match(error.message, pattern);
            return true;
        };
    }

    describe("roles", () => {
        for (const [what, scope, role, allowed] of [
            ["at the resource", vault, "keyVaultSecretsUser", true],
            ["at the resource in another case", vault.toUpperCase(), "keyVaultSecretsUser", true],
            ["at the resource with a last slash", `${vault}/`, "keyVaultSecretsUser", true],
            ["at its resource group", group, "keyVaultSecretsUser", true],
            ["at its subscription", "/subscriptions/s", "keyVaultSecretsUser", true],
            ["below the resource", `${vault}/secrets/one`, "keyVaultSecretsUser", false],
            ["at a sibling whose name begins alike", vault.slice(0, -1), "keyVaultSecretsUser", false],
            ["at another group", "/subscriptions/s/resourceGroups/h", "keyVaultSecretsUser", false],
            ["of another kind", vault, "storageBlobDataOwner", false],
        ] as const) {
            it(`${allowed ? "lets in" : "refuses"} a principal with a role ${what}`, async () => {
                assign({ scope, role });
                const token = await identity.issueToken({ principalId: app.principalId, audience });
                if (allowed) {
                    assert.deepEqual(await authorize(token), { principalId: app.principalId });
                } else {
                    await assert.rejects(authorize(token), refusal(403, /does not have role "Key Vault Secrets User"/));
                }
            });
        }

        it("takes any one of several roles", async () => {
            assign({ scope: vault, role: "keyVaultSecretsOfficer" });
            const token = await identity.issueToken({ principalId: app.principalId, audience });
            await authorize(token, ["keyVaultSecretsUser", "keyVaultSecretsOfficer"]);
        });

        it("says who lacks which role where, and what they have", () => {
            assign({ scope: group, role: "webPubSubServiceOwner" });
            assert.throws(
                () =>
                    identity.requireRole({
                        principalId: app.principalId,
                        anyRole: ["keyVaultSecretsUser", "keyVaultSecretsOfficer"],
                        scope: vault,
                    }),
                {
                    name: "AuthorizationError",
                    message:
                        `principal ${app.principalId} (of ${app.resourceId}) does not have role ` +
                        `"Key Vault Secrets User" or "Key Vault Secrets Officer" on ${vault}; ` +
                        `assigned: "Web PubSub Service Owner" on ${group}`,
                },
            );
        });

        it("does not take a role of another principal", () => {
            assign({ scope: vault, principalId: other.principalId });
            assert.throws(
                () =>
                    identity.requireRole({
                        principalId: app.principalId,
                        anyRole: ["keyVaultSecretsUser"],
                        scope: vault,
                    }),
                refusal(403, /assigned: none$/),
            );
        });

        it("forgets an assignment that is removed", () => {
            const check = { principalId: app.principalId, anyRole: ["keyVaultSecretsUser" as const], scope: vault };
            assign({ scope: vault, id: "/One" });
            identity.requireRole(check);
            identity.removeRole("/one");
            assert.throws(() => identity.requireRole(check), refusal(403, /assigned: none/));
        });

        it("refuses a principal that was removed, although its role is still assigned", async () => {
            assign({ scope: vault });
            const token = await identity.issueToken({ principalId: app.principalId, audience });
            identity.removePrincipal(app.principalId);
            await assert.rejects(authorize(token), refusal(403, /of no resource that exists/));
        });

        it("prints every role as Azure does, and a stranger by its GUID", () => {
            assert.equal(roleDisplayName(roles.signalRRestApiOwner.toUpperCase()), "SignalR REST API Owner");
            assert.equal(
                roleDisplayName("00000000-0000-0000-0000-000000000000"),
                "00000000-0000-0000-0000-000000000000",
            );
        });
    });

    describe("tokens", () => {
        beforeEach(() => assign({ scope: group }));

        it("are for an audience, spelled with /.default, a last slash or capitals", async () => {
            for (const spelling of [`${audience}/.default`, `${audience}/`, "https://Vault.Azure.Net"]) {
                await authorize(await identity.issueToken({ principalId: app.principalId, audience: spelling }));
            }
        });

        it("for another audience are refused with both audiences named", async () => {
            const token = await identity.issueToken({
                principalId: app.principalId,
                audience: "https://storage.azure.com",
            });
            await assert.rejects(
                authorize(token),
                refusal(401, /for audience "https:\/\/storage.azure.com", and "https:\/\/vault.azure.net" is needed/),
            );
        });

        it("expire when their minutes are over", async () => {
            const token = await identity.issueToken({ principalId: app.principalId, audience, minutes: 5 });
            await clock.advance(5 * 60_000 - 1000);
            await authorize(token);
            await clock.advance(2000);
            await assert.rejects(authorize(token), refusal(401, /has expired/));
        });

        it("without a signature are refused", async () => {
            const token = new UnsecuredJWT({ oid: app.principalId })
                .setAudience(audience)
                .setIssuer("https://sts.windows.net/emulator/")
                .setExpirationTime("1h")
                .encode();
            await assert.rejects(authorize(token), refusal(401, /not signed with HS256/));
        });

        it("signed with another key are refused", async () => {
            const token = await new SignJWT({ oid: app.principalId })
                .setProtectedHeader({ alg: "HS256" })
                .setAudience(audience)
                .setExpirationTime("1h")
                .sign(new Uint8Array(32));
            await assert.rejects(authorize(token), refusal(401, /signature does not match/));
        });

        it("that are no tokens are refused, and not repeated in the message", async () => {
            await assert.rejects(authorize("rubbish-abc"), (error: Error) => {
                assert.doesNotMatch(error.message, /rubbish/);
                return refusal(401, /not a JSON web token/)(error);
            });
        });

        it("are not issued to a principal that does not exist", async () => {
            await assert.rejects(
                identity.issueToken({ principalId: "nobody", audience }),
                refusal(401, /no principal nobody/),
            );
        });
    });

    describe("managed identity endpoint", () => {
        const query = "?api-version=2019-08-01&resource=https%3A%2F%2Fvault.azure.net%2F.default";

        async function ask(suffix: string, header?: string) {
            const headers: Record<string, string> = header === undefined ? {} : { "X-IDENTITY-HEADER": header };
            const response = await fetch(`${identity.endpoint}${suffix}`, { headers });
            return { status: response.status, body: (await response.json()) as Record<string, string> };
        }

        it("gives a token of the first identity, as App Service does", async () => {
            assign({ scope: vault });
            const { header } = identity.openIdentitySession([app, other]);
            const { status, body } = await ask(query, header);
            assert.equal(status, 200);
            assert.deepEqual(await authorize(body.access_token!), { principalId: app.principalId });
            const { access_token: _, ...rest } = body;
            assert.deepEqual(rest, {
                expires_on: String(Math.floor(clock.now() / 1000) + 86_400),
                resource: "https://vault.azure.net/.default",
                token_type: "Bearer",
                client_id: app.clientId,
            });
        });

        for (const [parameter, value] of [
            ["client_id", other.clientId.toUpperCase()],
            ["principal_id", other.principalId],
            ["object_id", other.principalId],
            ["mi_res_id", other.resourceId],
        ] as const) {
            it(`gives a token of the identity that ${parameter} names`, async () => {
                const { header } = identity.openIdentitySession([app, other]);
                const { body } = await ask(`${query}&${parameter}=${encodeURIComponent(value)}`, header);
                assert.equal(body.client_id, other.clientId);
            });
        }

        it("gives no token of an identity that belongs to another app", async () => {
            const { header } = identity.openIdentitySession([app]);
            const { status, body } = await ask(`${query}&client_id=${other.clientId}`, header);
            assert.equal(status, 400);
            assert.match(body.message!, /No identity of this app has client_id/);
            assert.match(body.message!, new RegExp(`It has: ${app.clientId}`));
        });

        it("refuses an app without an identity, in words", async () => {
            const { header } = identity.openIdentitySession([]);
            const { status, body } = await ask(query, header);
            assert.equal(status, 400);
            assert.match(body.message!, /has no managed identity/);
        });

        it("refuses a missing, a wrong and a closed header", async () => {
            const session = identity.openIdentitySession([app]);
            session.close();
            for (const header of [undefined, "wrong", session.header]) {
                assert.equal((await ask(query, header)).status, 401);
            }
        });

        it("refuses another protocol version, a missing resource, another path", async () => {
            const { header } = identity.openIdentitySession([app]);
            assert.equal((await ask("?api-version=2017-09-01&resource=x", header)).status, 400);
            assert.equal((await ask("?api-version=2019-08-01", header)).status, 400);
            assert.equal((await ask(`/other${query}`, header)).status, 404);
        });

        it("serves the real ManagedIdentityCredential, for the app's own and a user-assigned identity", async () => {
            assign({ scope: vault });
            assign({ scope: vault, principalId: other.principalId, id: "second" });
            const session = identity.openIdentitySession([app, other]);
            process.env.IDENTITY_ENDPOINT = identity.endpoint;
            process.env.IDENTITY_HEADER = session.header;
            try {
                const own = await new ManagedIdentityCredential().getToken(`${audience}/.default`);
                assert.deepEqual(await authorize(own.token), { principalId: app.principalId });
                const chosen = await new ManagedIdentityCredential({ clientId: other.clientId }).getToken(audience);
                assert.deepEqual(await authorize(chosen.token), { principalId: other.principalId });
            } finally {
                delete process.env.IDENTITY_ENDPOINT;
                delete process.env.IDENTITY_HEADER;
            }
        });
    });
});
