import assert from "node:assert/strict";
import { type Principal, roles } from "../../emulator/identity";
import type { Vault } from "../../emulator/vault";
import { addPrincipal, armId, startTestEmulator, type TestEmulator } from "../support/emulator";

const id = armId("Microsoft.KeyVault/vaults/keys");

describe("secret references", () => {
    let test: TestEmulator;
    let vault: Vault;
    let app: Principal;
    let versioned: string;

    before(async () => {
        test = await startTestEmulator();
        vault = await test.emulator.openVault({ id, name: "keys" });
        app = addPrincipal(test.emulator);
        test.emulator.identity.assignRole({
            id: "one",
            principalId: app.principalId,
            roleId: roles.keyVaultSecretsUser,
            scope: id,
        });
        versioned = vault.setSecret("code", "old").id;
        vault.setSecret("code", "new");
        vault.setSecret("odd", "$& $1 {x}");
    });
    after(() => test.close());

    const resolve = (text: string, principalId: string | undefined = app.principalId) =>
        test.emulator.references.resolve({ text, principalId });
    /** `UNVERSIONED`, `VERSIONED` and `VERSION` stand for values that are known only after the vault has opened. */
    const fill = (text: string) =>
        text
            .replaceAll("UNVERSIONED", `${vault.uri}secrets/code`)
            .replaceAll("VERSIONED", versioned)
            .replaceAll("VERSION", versioned.slice(-32));

    for (const [what, text, expected] of [
        ["the latest by URI", "@Microsoft.KeyVault(SecretUri=UNVERSIONED)", "new"],
        ["the latest by URI with a last slash", "@Microsoft.KeyVault(SecretUri=UNVERSIONED/)", "new"],
        ["a version by URI", "@Microsoft.KeyVault(SecretUri=VERSIONED)", "old"],
        ["the latest by names", "@Microsoft.KeyVault(VaultName=keys;SecretName=code)", "new"],
        ["a version by names", "@Microsoft.KeyVault(VaultName=keys;SecretName=code;SecretVersion=VERSION)", "old"],
        ["names in any order and case", "@microsoft.keyvault(secretname=CODE; VAULTNAME=Keys;)", "new"],
        ["an empty version as the latest", "@Microsoft.KeyVault(VaultName=keys;SecretName=code;SecretVersion=)", "new"],
        [
            "a reference in a URL template, with its braces",
            "https://h/{hub}?code={@Microsoft.KeyVault(SecretUri=VERSIONED)}&x={event}",
            "https://h/{hub}?code=old&x={event}",
        ],
        [
            "several references in one text",
            "@Microsoft.KeyVault(SecretUri=VERSIONED) {@Microsoft.KeyVault(SecretUri=UNVERSIONED)}",
            "old new",
        ],
        [
            "a secret with signs that mean something to a replacement",
            "@Microsoft.KeyVault(VaultName=keys;SecretName=odd)",
            "$& $1 {x}",
        ],
        [
            "a text without references as it is",
            "Endpoint=http://localhost;AccessKey={k}",
            "Endpoint=http://localhost;AccessKey={k}",
        ],
    ] as const) {
        it(`resolves ${what}`, () => {
            assert.equal(resolve(fill(text)), expected);
        });
    }

    for (const [what, body, shown] of [
        ["nothing in it", "", ""],
        ["an unknown key", "SecretValue=hidden", "SecretValue=…"],
        ["no key at all", "hidden", "…"],
        ["no secret's name", "VaultName=keys", "vaultname=keys"],
        ["no vault's name", "SecretName=code", "secretname=code"],
        ["a URI that is none", "SecretUri=hidden", "SecretUri=…"],
        [
            "a URI without a secret",
            "SecretUri=https://v.example/keys/one?sig=hidden",
            "SecretUri=https://v.example/keys/one",
        ],
    ] as const) {
        it(`refuses a reference with ${what}, and shows no value`, () => {
            assert.throws(
                () => resolve(`AccountKey=hidden @Microsoft.KeyVault(${body})`),
                (error: Error) => {
                    assert.equal(error.name, "SecretReferenceError");
                    assert.ok(error.message.includes(`@Microsoft.KeyVault(${shown}) is malformed`), error.message);
                    assert.doesNotMatch(error.message, /hidden/);
                    return true;
                },
            );
        });
    }

    it("refuses a reference that never ends", () => {
        assert.throws(() => resolve("@Microsoft.KeyVault(SecretUri=https://x"), /is malformed/);
    });

    it("names the vault, the secret and the role that a principal lacks", () => {
        const stranger = addPrincipal(test.emulator, "Microsoft.SignalRService/webPubSub/chat");
        assert.throws(() => resolve(fill("@Microsoft.KeyVault(SecretUri=UNVERSIONED)"), stranger.principalId), {
            name: "AuthorizationError",
            status: 403,
            message:
                `Key Vault reference to secret "code" in vault "keys" cannot be read: principal ${stranger.principalId} ` +
                `(of ${stranger.resourceId}) does not have role "Key Vault Secrets User" or ` +
                `"Key Vault Secrets Officer" on ${id}/secrets/code; assigned: none`,
        });
    });

    it("says so when the resource has no identity to read with", () => {
        const text = fill("@Microsoft.KeyVault(SecretUri=UNVERSIONED)");
        assert.throws(
            () => test.emulator.references.resolve({ text }),
            /the resource that has it has no managed identity/,
        );
    });

    it("names the secrets there are when the one meant is not", () => {
        assert.throws(() => resolve("@Microsoft.KeyVault(VaultName=keys;SecretName=cod)"), {
            name: "SecretReferenceError",
            message:
                'Key Vault reference to secret "cod" in vault "keys" cannot be read: there is no such secret. ' +
                "The vault has: code, odd.",
        });
    });

    it("names the vaults there are when the one meant is not", () => {
        assert.throws(
            () => resolve("@Microsoft.KeyVault(VaultName=other;SecretName=code)"),
            /no vault "other". Vaults: "keys" at http:/,
        );
        assert.throws(
            () => resolve("@Microsoft.KeyVault(SecretUri=https://keys.vault.azure.net/secrets/code)"),
            /no vault at https:\/\/keys.vault.azure.net/,
        );
    });

    it("refuses a version that is not there", () => {
        assert.throws(
            () => resolve(fill("@Microsoft.KeyVault(SecretUri=UNVERSIONED/0123)")),
            /code\/0123 was not found/,
        );
    });

    it("finds no vault that was closed", async () => {
        const short = await test.emulator.openVault({ id: `${id}2`, name: "short" });
        short.setSecret("one", "1");
        await short.close();
        assert.throws(() => resolve("@Microsoft.KeyVault(VaultName=short;SecretName=one)"), /no vault "short"/);
    });
});
