import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { resolveConfig } from "../../local/engine/config";
import { createDecrypt } from "../../local/engine/secrets";

// Written by `pulumi config set --secret` of the CLI 3.248 with this passphrase.
const passphrase = "correct horse";
const salt = "v1:t5ihc1Vxv0M=:v1:mMVwopWXEPJdHIqJ:uJL80T8Hry/AstQBu5x+q/9pxE4W4w==";
const key = { secure: "v1:fn8VmzzLkWfajCEj:Rz2cYYuAGweC2tuXnfZdWpGn0VgzignjXw==" };
const password = { secure: "v1:cnY77Z2QAgDMFCPM:m4fhPc88CLPV/W5FMZ+CeyOBignJGA==" };

type Given = Partial<Parameters<typeof createDecrypt>[0]>;

function resolve(given: Given, values: Record<string, unknown>, declarations = {}) {
    const decrypt = createDecrypt({ salt, provider: undefined, env: {}, ...given });
    return resolveConfig({ project: "chat", declarations, values, file: "Pulumi.dev.yaml", decrypt });
}

describe("encrypted config", () => {
    const env = { PULUMI_CONFIG_PASSPHRASE: passphrase };

    it("is decrypted with the passphrase, at any depth, and stays secret", () => {
        const { values, secretKeys } = resolve({ env }, { "chat:key": key, "chat:db": { password, user: "ann" } });
        assert.deepEqual(values, { "chat:key": "hush-hush", "chat:db": '{"password":"s3cret","user":"ann"}' });
        assert.deepEqual(secretKeys, ["chat:key", "chat:db"]);
    });

    it("is decrypted with a passphrase from a file", () => {
        const folder = mkdtempSync(join(tmpdir(), "passphrase-"));
        try {
            writeFileSync(join(folder, "pass"), `${passphrase}\n`);
            const { values } = resolve({ env: { PULUMI_CONFIG_PASSPHRASE_FILE: join(folder, "pass") } }, { key });
            assert.equal(values["chat:key"], "hush-hush");
        } finally {
            rmSync(folder, { recursive: true });
        }
    });

    it("never shows a secret of the wrong type", () => {
        const resolveIt = () => resolve({ env }, { key }, { key: { type: "integer" } });
        assert.throws(resolveIt, (error: Error) =>
            /chat:key is a secret: it must be of type integer/.test(error.message),
        );
        assert.throws(resolveIt, (error: Error) => !error.message.includes("hush-hush"));
    });

    for (const { title, given, values = { key }, message } of [
        { title: "no passphrase", given: {}, message: /chat:key is encrypted.*set PULUMI_CONFIG_PASSPHRASE or/ },
        {
            title: "a wrong passphrase",
            given: { env: { PULUMI_CONFIG_PASSPHRASE: "wrong" } },
            message: /the passphrase does not fit the stack's encryptionsalt/,
        },
        {
            title: "a secrets provider in a cloud",
            given: { env, provider: "azurekeyvault://acme.vault.azure.net/keys/pulumi" },
            message: /its secrets provider is azurekeyvault:/,
        },
        { title: "a stack of the Pulumi service", given: { env, salt: undefined }, message: /has no encryptionsalt/ },
        {
            title: "a broken salt",
            given: { env, salt: "v1:abc" },
            message: /encryptionsalt of its stack is not of the form/,
        },
        {
            title: "a passphrase file that is gone",
            given: { env: { PULUMI_CONFIG_PASSPHRASE_FILE: "/none" } },
            message: /\/none, which cannot be read/,
        },
        {
            title: "a cut value",
            given: { env },
            values: { key: { secure: "v1:abc" } },
            message: /it is not of the form v1:/,
        },
        {
            title: "a changed value",
            given: { env },
            values: { key: { secure: `${key.secure.slice(0, -6)}AAAA==` } },
            message: /chat:key is encrypted and cannot be decrypted/,
        },
        {
            title: "a value that is no text",
            given: { env },
            values: { key: { secure: 5 } },
            message: /its secure value is not a text/,
        },
    ] as { title: string; given: Given; values?: Record<string, unknown>; message: RegExp }[]) {
        it(`is refused with ${title}, once for each key`, () => {
            assert.throws(
                () => resolve(given, values, { key: { type: "integer" } }),
                (error: Error) => message.test(error.message) && error.message.split("chat:key").length === 2,
            );
        });
    }
});
