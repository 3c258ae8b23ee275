import assert from "node:assert/strict";
import { startEmulator } from "../../../emulator";
import { type Principal, type RoleName, roles } from "../../../emulator/identity";
import type { Vault } from "../../../emulator/vault";
import { FakeClock } from "../../support/clock";
import { addPrincipal, armId, startTestEmulator, type TestEmulator } from "../../support/emulator";

const id = armId("Microsoft.KeyVault/vaults/keys");
const day = 24 * 3600 * 1000;

/**
 * Source: learn, key-vault/general/soft-delete-overview: a deleted secret is kept for 90 days and holds its name. The sentences are
 * those in Azure/azure-rest-api-specs issue 9222 (name in use) and microsoft/AzureTRE issue 1951 (purge protection).
 */
describe("deleted secrets with the timing of Azure", () => {
    let clock: FakeClock;
    let test: TestEmulator;
    let vault: Vault;
    let app: Principal;

    beforeEach(async () => {
        clock = new FakeClock(Date.UTC(2026, 0, 1));
        const azureTiming = { roleDelayMilliseconds: 0, secretRefreshMilliseconds: 1_800_000 };
        test = await startTestEmulator({ clock, azureTiming });
        app = addPrincipal(test.emulator);
        vault = await test.emulator.openVault({ id, name: "keys" });
    });
    afterEach(() => test.close());

    function assign(role: RoleName): void {
        test.emulator.identity.assignRole({ id: "one", principalId: app.principalId, roleId: roles[role], scope: id });
    }

    async function call(method: string, path: string, value?: string) {
        const token = await test.emulator.identity.issueToken({
            principalId: app.principalId,
            audience: "https://vault.azure.net",
        });
        const response = await fetch(`${vault.uri}${path}?api-version=7.4`, {
            method,
            headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
            body: value === undefined ? undefined : JSON.stringify({ value }),
        });
        const text = await response.text();
        return { status: response.status, body: text === "" ? undefined : JSON.parse(text) };
    }

    // Source: learn, key-vault/general/rbac-guide: the actions of the two roles.
    for (const role of ["keyVaultSecretsUser", undefined] as const) {
        it(`are deleted by a Secrets Officer only, not with ${role ?? "no role"}`, async () => {
            vault.setSecret("one", "first");
            if (role !== undefined) {
                assign(role);
            }
            const answer = await call("DELETE", "secrets/one");
            assert.equal(answer.status, 403);
            assert.match(answer.body.error.message, /does not have role "Key Vault Secrets Officer"/);
            assign("keyVaultSecretsOfficer");
            assert.equal((await call("DELETE", "secrets/one")).status, 200);
        });
    }

    it("hold their name against a write through the data plane and through Azure Resource Manager", async () => {
        assign("keyVaultSecretsOfficer");
        vault.setSecret("One", "first");
        const deleted = await call("DELETE", "secrets/one");
        const seconds = Date.UTC(2026, 0, 1) / 1000;
        assert.equal(deleted.body.recoveryId, `${vault.uri}deletedsecrets/One`);
        assert.equal(deleted.body.deletedDate, seconds);
        assert.equal(deleted.body.scheduledPurgeDate, seconds + (90 * day) / 1000);
        assert.equal(deleted.body.attributes.recoveryLevel, "Recoverable+Purgeable");
        assert.equal((await call("GET", "secrets/one")).status, 404);
        const sentence = /Secret one is currently in a deleted but recoverable state, and its name cannot be reused/;
        const again = await call("PUT", "secrets/one", "second");
        assert.equal(again.status, 409);
        assert.equal(again.body.error.code, "Conflict");
        assert.equal(again.body.error.innererror.code, "ObjectIsDeletedButRecoverable");
        assert.match(again.body.error.message, sentence);
        assert.throws(() => vault.setSecret("one", "second"), sentence);
    });

    it("hold it when Azure Resource Manager's deployer deleted them, and after a restart", async () => {
        vault.setSecret("one", "first");
        vault.deleteSecret("one");
        const emulator = await test.restart();
        vault = await emulator.openVault({ id, name: "keys" });
        assert.throws(() => vault.setSecret("one", "second"), /cannot be reused/);
    });

    it("come back with all their versions", async () => {
        assign("keyVaultSecretsOfficer");
        const first = vault.setSecret("one", "first");
        vault.setSecret("one", "second");
        await call("DELETE", "secrets/one");
        assert.equal((await call("GET", "deletedsecrets/one")).status, 200);
        assert.equal((await call("GET", "deletedsecrets")).body.value.length, 1);
        assert.equal((await call("POST", "deletedsecrets/one/recover")).status, 200);
        assert.equal((await call("GET", "secrets/one")).body.value, "second");
        assert.equal((await call("GET", `secrets/one/${first.version}`)).body.value, "first");
        assert.equal((await call("GET", "deletedsecrets/one")).status, 404);
    });

    it("free their name when they are purged, or after 90 days", async () => {
        assign("keyVaultSecretsOfficer");
        vault.setSecret("one", "first");
        vault.setSecret("two", "first");
        vault.deleteSecret("one");
        vault.deleteSecret("two");
        assert.equal((await call("DELETE", "deletedsecrets/one")).status, 204);
        vault.setSecret("one", "second");
        await clock.advance(90 * day - 1000);
        assert.throws(() => vault.setSecret("two", "second"), /cannot be reused/);
        await clock.advance(1000);
        vault.setSecret("two", "second");
    });

    it("stay in a removed vault, whose name is held for 90 days and which can be recovered", async () => {
        vault.setSecret("one", "first");
        await vault.remove();
        const emulator = await test.restart();
        // Source: what azure-native reports, in alan-turing-institute/data-safe-haven issue 2523.
        await assert.rejects(emulator.openVault({ id, name: "KEYS" }), {
            status: 409,
            code: "ConflictError",
            message: /already exists in deleted state. You need to either recover or purge/,
        });
        vault = await emulator.openVault({ id, name: "keys", recover: true });
        assert.deepEqual(vault.listSecretNames(), ["one"]);
        await vault.close();
        vault = await emulator.openVault({ id, name: "keys" });
        await vault.remove();
        await clock.advance(90 * day);
        vault = await emulator.openVault({ id, name: "keys" });
        assert.deepEqual(vault.listSecretNames(), []);
    });

    it("are gone with their vault for an emulator that puts everything in force at once", async () => {
        vault.setSecret("one", "first");
        await vault.remove();
        await test.emulator.close();
        const emulator = await startEmulator({ folder: test.folder });
        try {
            assert.deepEqual((await emulator.openVault({ id, name: "keys" })).listSecretNames(), []);
        } finally {
            await emulator.close();
        }
    });

    it("cannot be purged in a vault with purge protection", async () => {
        assign("keyVaultSecretsOfficer");
        await vault.close();
        vault = await test.emulator.openVault({ id, name: "keys", purgeProtection: true });
        vault.setSecret("one", "first");
        const deleted = await call("DELETE", "secrets/one");
        assert.equal(deleted.body.attributes.recoveryLevel, "Recoverable");
        const answer = await call("DELETE", "deletedsecrets/one");
        assert.equal(answer.status, 403);
        assert.match(answer.body.error.message, /"purge" is not allowed because purge protection is enabled/);
    });
});
