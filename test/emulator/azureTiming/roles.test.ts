import assert from "node:assert/strict";
import { type Principal, type RoleName, roles } from "../../../emulator/identity";
import { FakeClock } from "../../support/clock";
import { addPrincipal, armId, startTestEmulator, type TestEmulator } from "../../support/emulator";
import { realtimeKinds } from "../../support/realtimeKinds";

interface Request {
    url: string;
    audience: string;
    init?: RequestInit;
}

/**
 * Source: learn, role-based-access-control/troubleshooting: an assignment takes up to 10 minutes to act, and until then a call is
 * answered as without the role.
 */
describe("roles with the timing of Azure", function () {
    // The first account loads Azurite.
    this.timeout(30_000);
    const delay = 120_000;
    let clock: FakeClock;
    let test: TestEmulator;
    let app: Principal;

    beforeEach(async () => {
        clock = new FakeClock(Date.now());
        const azureTiming = { roleDelayMilliseconds: delay, secretRefreshMilliseconds: 1_800_000 };
        test = await startTestEmulator({ clock, azureTiming });
        app = addPrincipal(test.emulator);
    });
    afterEach(() => test.close());

    function assign(role: RoleName, scope: string, createdOn?: number): void {
        test.emulator.identity.assignRole({
            id: `${scope}/${role}`,
            principalId: app.principalId,
            roleId: roles[role],
            scope,
            createdOn,
        });
    }

    async function send({ url, audience, init }: Request): Promise<{ status: number; text: string }> {
        const token = await test.emulator.identity.issueToken({ principalId: app.principalId, audience });
        const headers = { ...init?.headers, authorization: `Bearer ${token}`, "x-ms-version": "2023-11-03" };
        const response = await fetch(url, { ...init, headers });
        return { status: response.status, text: await response.text() };
    }

    async function actsLate(options: { role: RoleName; scope: string; request: Request; good: number }): Promise<void> {
        const { role, scope, request, good } = options;
        assert.equal((await send(request)).status, 403, "without the role");
        assign(role, scope);
        await clock.advance(delay - 1000);
        assert.equal((await send(request)).status, 403, "with the role, too early");
        await clock.advance(1000);
        assert.equal((await send(request)).status, good, "after the delay");
    }

    for (const kind of realtimeKinds) {
        it(`let an app send through ${kind.name} only after the delay`, async () => {
            const { emulator } = test;
            const { principalId } = app;
            const service = await kind.open({ emulator, clock, principalId, url: "http://localhost:1" });
            const { path, body, contentType, role, audience } = kind.send;
            const init = { method: "POST", body, headers: { "content-type": contentType } };
            const request = { url: `${service.endpoint}${path}`, audience, init };
            await actsLate({ role, scope: service.id, request, good: 202 });
        });
    }

    it("let an app read a vault and a storage account only after the delay", async () => {
        const vault = await test.emulator.openVault({ id: armId("Microsoft.KeyVault/vaults/keys"), name: "keys" });
        vault.setSecret("one", "1");
        await actsLate({
            role: "keyVaultSecretsUser",
            scope: vault.id,
            request: { url: `${vault.uri}secrets/one?api-version=7.4`, audience: "https://vault.azure.net" },
            good: 200,
        });
        const id = armId("Microsoft.Storage/storageAccounts/data");
        const account = await test.emulator.openStorageAccount({ id, name: "data" });
        await account.createContainer("code");
        const request = {
            url: `${account.blobEndpoint}/code?restype=container&comp=list`,
            audience: "https://storage.azure.com",
        };
        await actsLate({ role: "storageBlobDataOwner", scope: id, request, good: 200 });
    });

    it("say in the answer that the role is there, and when it acts", async () => {
        const vault = await test.emulator.openVault({ id: armId("Microsoft.KeyVault/vaults/keys"), name: "keys" });
        assign("keyVaultSecretsUser", vault.id);
        await clock.advance(20_000);
        const request = { url: `${vault.uri}secrets/one?api-version=7.4`, audience: "https://vault.azure.net" };
        assert.match(
            (await send(request)).text,
            /does not have role .*assigned: \\"Key Vault Secrets User\\" on .*\/keys \(it acts in 100 s\)/,
        );
    });

    it("keep the time of an assignment that is written again, and take over the one of a stored assignment", () => {
        const { identity } = test.emulator;
        const scope = armId("Microsoft.KeyVault/vaults/keys");
        const acts = (role: RoleName): boolean => {
            try {
                identity.requireRole({ principalId: app.principalId, anyRole: [role], scope });
                return true;
            } catch {
                return false;
            }
        };
        assign("keyVaultSecretsUser", scope, clock.now() - delay);
        assert.ok(acts("keyVaultSecretsUser"), "made before this start");
        assign("keyVaultSecretsUser", scope);
        assert.ok(acts("keyVaultSecretsUser"), "written again");
        assign("keyVaultSecretsOfficer", scope);
        assert.ok(!acts("keyVaultSecretsOfficer"), "made now");
    });
});
