import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { requireNoSecrets, secretsOf } from "./support/secrets";

const made = {
    password: "Random-password-1234",
    vault: "secret of the vault",
    host: "key-of-the-host-1234",
    account: "a2V5IG9mIHRoZSBhY2NvdW50",
    access: "access-key-of-the-service",
    inUrl: "key+in/the==url",
};

describe("the search for secrets in the output of an end-to-end run", () => {
    let folder: string;
    before(() => {
        folder = mkdtempSync(join(tmpdir(), "secrets-test-"));
        const resource = { type: "x:y:Z", inputs: {}, outputs: {}, keep: {} };
        const files: Record<string, unknown> = {
            "state.json": {
                resources: [
                    {
                        ...resource,
                        type: "random:index/randomPassword:RandomPassword",
                        outputs: { result: made.password },
                    },
                    { ...resource, keep: { port: 1, accessKeys: { primaryKey: made.access } } },
                    { ...resource, inputs: { urls: [`https://x.test/a?b=c&code=${encodeURIComponent(made.inUrl)}`] } },
                ],
            },
            "vaults/v.json": {
                secrets: [{ name: "host--masterKey--master", versions: [{ version: "1", value: made.vault }] }],
            },
            "apps/a/secrets/host.json": { masterKey: { name: "master", value: made.host } },
            "storage/keys.json": { account: made.account },
        };
        for (const [path, content] of Object.entries(files)) {
            mkdirSync(dirname(join(folder, path)), { recursive: true });
            writeFileSync(join(folder, path), JSON.stringify(content));
        }
    });
    after(() => rmSync(folder, { recursive: true, force: true }));

    it("knows every place where a run keeps secrets, and takes no names for secrets", () => {
        assert.deepEqual(secretsOf(folder).sort(), Object.values(made).sort());
    });

    for (const [name, secret] of Object.entries(made)) {
        for (const output of [
            `a ${secret} b`,
            encodeURIComponent(secret),
            Buffer.from(`x${secret}`).toString("base64"),
        ]) {
            it(`finds the ${name} in ${output.length} characters, and does not show it`, () => {
                assert.throws(
                    () => requireNoSecrets({ folder, output }),
                    (error: Error) => /secret/.test(error.message) && !error.message.includes(secret),
                );
            });
        }
    }

    for (const output of [
        "token eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhIn0.x",
        "Endpoint=http://x;AccessKey=0123456789abcdef;",
        "http://x.test/?a=b&code=0123456789abcdef",
    ]) {
        it(`finds what looks like a secret of anybody: ${output}`, () => {
            assert.throws(() => requireNoSecrets({ folder, output }), /something like a secret/);
        });
    }

    it("is content with names, addresses and masks", () => {
        const output =
            "host--masterKey--master http://localhost:1/api/negotiate?userId=ann [secret] code=*** AccessKey=***;";
        requireNoSecrets({ folder, output });
    });
});
