import assert from "node:assert/strict";
import { statSync } from "node:fs";
import { join } from "node:path";
import { type Principal, type RoleName, roles } from "../../emulator/identity";
import { secretOperations, type Vault } from "../../emulator/vault";
import { FakeClock } from "../support/clock";
import { addPrincipal, armId, startTestEmulator, type TestEmulator } from "../support/emulator";

const id = armId("Microsoft.KeyVault/vaults/keys");

interface Answer {
    status: number;
    headers: Headers;
    body: {
        id: string;
        value?: string;
        attributes: Record<string, unknown>;
        tags?: Record<string, string>;
        contentType?: string;
        error: { code: string; message: string; innererror?: { code: string } };
    };
}

describe("vault", () => {
    let test: TestEmulator;
    let vault: Vault;
    let app: Principal;

    beforeEach(async () => {
        test = await startTestEmulator({ clock: new FakeClock(Date.UTC(2026, 0, 1)) });
        vault = await test.emulator.openVault({ id, name: "keys" });
        app = addPrincipal(test.emulator);
    });
    afterEach(() => test.close());

    function assign(role: RoleName, scope = id): void {
        test.emulator.identity.assignRole({
            id: "one",
            principalId: app.principalId,
            roleId: roles[role],
            scope,
        });
    }

    async function call(path: string, options: { method?: string; body?: unknown; version?: string } = {}) {
        const token = await test.emulator.identity.issueToken({
            principalId: app.principalId,
            audience: "https://vault.azure.net",
        });
        const separator = path.includes("?") ? "&" : "?";
        const response = await fetch(`${vault.uri}${path}${separator}api-version=${options.version ?? "7.4"}`, {
            method: options.method ?? "GET",
            headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
            body: options.body === undefined ? undefined : JSON.stringify(options.body),
        });
        return { status: response.status, headers: response.headers, body: await response.json() } as Answer;
    }

    function read(answer: Answer) {
        return { status: answer.status, code: answer.body.error.code, inner: answer.body.error.innererror?.code };
    }

    describe("control plane", () => {
        it("gives a versioned URI and a version of 32 hexadecimal digits", () => {
            const secret = vault.setSecret("one", "first");
            assert.match(secret.version, /^[0-9a-f]{32}$/);
            assert.equal(secret.id, `${vault.uri}secrets/one/${secret.version}`);
        });

        it("keeps the version of a value that is written again, and makes one for another value", () => {
            const first = vault.setSecret("one", "first");
            assert.deepEqual(vault.setSecret("ONE", "first"), first);
            assert.notEqual(vault.setSecret("one", "second").version, first.version);
        });

        it("makes a version for a value that was used before the latest", () => {
            const first = vault.setSecret("one", "first");
            vault.setSecret("one", "second");
            assert.notEqual(vault.setSecret("one", "first").version, first.version);
        });

        it("lists names sorted, and forgets a deleted one", () => {
            vault.setSecret("two", "2");
            vault.setSecret("one", "1");
            assert.deepEqual(vault.listSecretNames(), ["one", "two"]);
            vault.deleteSecret("Two");
            vault.deleteSecret("never-there");
            assert.deepEqual(vault.listSecretNames(), ["one"]);
        });

        it("refuses a bad name and a value too long, without showing the value", () => {
            assert.throws(() => vault.setSecret("a_b", "v"), /secret name "a_b" is not valid/);
            assert.throws(
                () => vault.setSecret("one", "x".repeat(25_601)),
                (error: Error) => {
                    assert.match(error.message, /25601 characters long. At most 25600/);
                    assert.doesNotMatch(error.message, /xx/);
                    return true;
                },
            );
        });
    });

    describe("data plane", () => {
        for (const [role, expected] of [
            ["none", { list: 403, get: 403, put: 403, delete: 403 }],
            ["keyVaultSecretsUser", { list: 200, get: 200, put: 403, delete: 403 }],
            ["keyVaultSecretsOfficer", { list: 200, get: 200, put: 200, delete: 200 }],
            ["storageBlobDataOwner", { list: 403, get: 403, put: 403, delete: 403 }],
        ] as const) {
            it(`answers list, get, put and delete of a principal with ${role} by its role`, async () => {
                vault.setSecret("one", "first");
                if (role !== "none") {
                    assign(role);
                }
                assert.deepEqual(
                    {
                        list: (await call("secrets")).status,
                        get: (await call("secrets/one")).status,
                        put: (await call("secrets/two", { method: "PUT", body: { value: "2" } })).status,
                        delete: (await call("secrets/one", { method: "DELETE" })).status,
                    },
                    expected,
                );
            });
        }

        it("lets a role on one secret open that secret only", async () => {
            vault.setSecret("one", "first");
            vault.setSecret("two", "second");
            assign("keyVaultSecretsUser", `${id}/secrets/one`);
            assert.equal((await call("secrets/one")).status, 200);
            assert.equal((await call("secrets/two")).status, 403);
            assert.equal((await call("secrets")).status, 403);
        });

        it("names the missing role to the caller and in the log", async () => {
            const answer = await call("secrets/one", { method: "PUT", body: { value: "hidden" } });
            assert.deepEqual(read(answer), { status: 403, code: "Forbidden", inner: "ForbiddenByRbac" });
            assert.match(answer.body.error.message, /does not have role "Key Vault Secrets Officer" on .*vaults\/keys/);
            assert.equal(test.log.length, 1);
            assert.equal(test.log[0]!.source, "keys");
            assert.match(test.log[0]!.message, /Key Vault Secrets Officer/);
            assert.doesNotMatch(JSON.stringify([test.log, answer.body]), /hidden/);
        });

        it("challenges a caller without a token, or with one that is refused", async () => {
            for (const headers of [undefined, { authorization: "Bearer rubbish" }]) {
                const response = await fetch(`${vault.uri}secrets/one?api-version=7.4`, { headers });
                assert.equal(response.status, 401);
                assert.match(
                    response.headers.get("www-authenticate") ?? "",
                    /^Bearer authorization="https:.*", resource="https:\/\/vault.azure.net"$/,
                );
                assert.equal(((await response.json()) as Answer["body"]).error.code, "Unauthorized");
            }
        });

        it("answers a secret with its value, id and attributes", async () => {
            assign("keyVaultSecretsOfficer");
            const first = vault.setSecret("one", "first");
            const second = await call("secrets/one", {
                method: "PUT",
                body: { value: "second", contentType: "text/plain", tags: { a: "b" } },
            });
            assert.match(second.body.id, new RegExp(`^${vault.uri}secrets/one/[0-9a-f]{32}$`));
            assert.deepEqual(second.body, {
                value: "second",
                id: second.body.id,
                attributes: {
                    enabled: true,
                    created: 1767225600,
                    updated: 1767225600,
                    recoveryLevel: "Purgeable",
                },
                contentType: "text/plain",
                tags: { a: "b" },
            });
            assert.deepEqual((await call("secrets/ONE")).body, second.body);
            assert.equal((await call(`secrets/one/${first.version}`)).body.value, "first");
        });

        it("lists secrets and versions without values, in pages", async () => {
            assign("keyVaultSecretsUser");
            for (let index = 10; index < 37; index += 1) {
                vault.setSecret(`s${index}`, "v");
            }
            const first = (await call("secrets")).body as unknown as { value: Answer["body"][]; nextLink: string };
            assert.equal(first.value.length, 25);
            assert.equal(first.value[0]!.id, `${vault.uri}secrets/s10`);
            assert.equal(first.value[0]!.value, undefined);
            const next = first.nextLink.slice(vault.uri.length).replace(/&?api-version=7.4/, "");
            const second = (await call(next)).body as unknown as { value: Answer["body"][]; nextLink: null };
            assert.deepEqual(
                second.value.map((item) => item.id),
                [`${vault.uri}secrets/s35`, `${vault.uri}secrets/s36`],
            );
            assert.equal(second.nextLink, null);
            const versions = (await call("secrets/s10/versions")).body as unknown as { value: Answer["body"][] };
            assert.equal(versions.value.length, 1);
        });

        it("answers 404 for a secret or version that is not there, or was deleted", async () => {
            assign("keyVaultSecretsOfficer");
            vault.setSecret("one", "first");
            assert.equal((await call("secrets/one", { method: "DELETE" })).body.value, undefined);
            for (const path of ["secrets/one", "secrets/never", "secrets/never/versions"]) {
                assert.deepEqual(read(await call(path)), { status: 404, code: "SecretNotFound", inner: undefined });
            }
            vault.setSecret("two", "2");
            assert.equal((await call(`secrets/two/${"0".repeat(32)}`)).status, 404);
        });

        it("refuses to read a disabled secret", async () => {
            assign("keyVaultSecretsOfficer");
            const body = { value: "v", attributes: { enabled: false } };
            assert.equal((await call("secrets/one", { method: "PUT", body })).status, 200);
            assert.deepEqual(read(await call("secrets/one")), {
                status: 403,
                code: "Forbidden",
                inner: "SecretDisabled",
            });
        });

        for (const [what, path, options, pattern] of [
            ["an unknown api-version", "secrets", { version: "9.9" }, /api-version "9.9" is not served/],
            ["a repeated api-version", "secrets?api-version=7.3", {}, /api-version "7.3, 7.4"/],
            ["a bad secret name", "secrets/a_b", {}, /secret name "a_b"/],
            ["a value that is no string", "secrets/one", { method: "PUT", body: { value: 1 } }, /"value"/],
            [
                "tags that are no strings",
                "secrets/one",
                { method: "PUT", body: { value: "v", tags: { a: 1 } } },
                /"tags"/,
            ],
            ["a page token it never gave", "secrets?$skiptoken=x", {}, /skiptoken/],
            ["a body that is null", "secrets/one", { method: "PUT", body: null }, /"value"/],
            ["a page too large", "secrets?maxresults=26", {}, /Use 1 to 25/],
        ] as const) {
            it(`refuses ${what} with 400 and the reason`, async () => {
                assign("keyVaultSecretsOfficer");
                const answer = await call(path, options);
                assert.deepEqual(read(answer), { status: 400, code: "BadParameter", inner: undefined });
                assert.match(answer.body.error.message, pattern);
            });
        }

        it("refuses an oversized body", async () => {
            assign("keyVaultSecretsOfficer");
            const answer = await call("secrets/one", { method: "PUT", body: { value: "x".repeat(300_000) } });
            assert.equal(answer.status, 400);
        });

        it("serves each operation it lists, to a principal with one of the roles listed", async () => {
            for (const operation of secretOperations) {
                vault.setSecret("one", "first");
                const { version } = vault.setSecret("one", "second");
                assign(operation.anyRole[0]!);
                const path = operation.path.slice(1).replace("{name}", "one").replace("{version}", version);
                const body = operation.method === "PUT" ? { value: "third" } : undefined;
                const answer = await call(path, { method: operation.method, body });
                assert.equal(answer.status, 200, `${operation.method} ${operation.path}`);
            }
        });

        it("refuses operations that are not emulated by name", async () => {
            assign("keyVaultSecretsOfficer");
            for (const [method, path] of [
                ["POST", "secrets/one/backup"],
                ["GET", "keys"],
                ["GET", "deletedsecrets"],
            ] as const) {
                const answer = await call(path, { method });
                assert.equal(answer.status, 404);
                assert.match(answer.body.error.message, new RegExp(`${method} /${path} is not emulated`));
            }
        });
    });

    it("keeps secrets and their versions over a restart, in a file only this user reads", async () => {
        const before = vault.setSecret("one", "first");
        const emulator = await test.restart();
        const again = await emulator.openVault({ id, name: "keys", port: vault.port });
        assert.equal(again.port, vault.port);
        assert.deepEqual(again.setSecret("one", "first"), before);
        assert.equal(statSync(join(test.folder, "vaults", "keys.json")).mode & 0o777, 0o600);
    });

    it("forgets its secrets when it is removed", async () => {
        vault.setSecret("one", "first");
        await vault.remove();
        const again = await test.emulator.openVault({ id, name: "keys" });
        assert.deepEqual(again.listSecretNames(), []);
    });

    it("refuses a name that Azure would refuse", async () => {
        for (const name of ["ab", "1ab", "a--b", "ends-", "../keys", "a".repeat(25)]) {
            await assert.rejects(test.emulator.openVault({ id: armId(name), name }), /Vault name ".*" is not valid/);
        }
    });
});
