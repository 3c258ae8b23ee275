import assert from "node:assert/strict";
import { once } from "node:events";
import { get, type IncomingMessage } from "node:http";
import { Readable } from "node:stream";
import {
    BlobSASPermissions,
    BlobServiceClient,
    generateBlobSASQueryParameters,
    StorageSharedKeyCredential,
} from "@azure/storage-blob";
import { type Principal, type RoleName, roles } from "../../emulator/identity";
import type { StorageAccount } from "../../emulator/storage";
import { addPrincipal, armId, startTestEmulator, type TestEmulator } from "../support/emulator";

const id = armId("Microsoft.Storage/storageAccounts/data");
const container = (name: string) => `${id}/blobServices/default/containers/${name}`;
const hour = 3_600_000;

describe("storage account", function () {
    // The first account takes longer, because it loads Azurite.
    this.timeout(30_000);
    let test: TestEmulator;
    let account: StorageAccount;
    let app: Principal;
    let token: string;

    before(async () => {
        test = await startTestEmulator();
        account = await test.emulator.openStorageAccount({ id, name: "data" });
        await account.createContainer("code");
        await account.createContainer("secret");
    });
    beforeEach(async () => {
        app = addPrincipal(test.emulator);
        token = await test.emulator.identity.issueToken({
            principalId: app.principalId,
            audience: "https://storage.azure.com",
        });
        account.update({ allowSharedKeyAccess: true });
        await account.putBlob({ container: "code", name: "app.zip", data: Buffer.from("zip") });
    });
    after(() => test.close());

    function assign(role: RoleName, scope = id): void {
        const roleId = roles[role];
        test.emulator.identity.assignRole({ id: app.principalId, principalId: app.principalId, roleId, scope });
    }

    async function call(
        path: string,
        options: { method?: string; headers?: Record<string, string>; body?: string } = {},
    ) {
        const response = await fetch(`${account.blobEndpoint}${path}`, {
            method: options.method ?? "GET",
            headers: { authorization: `Bearer ${token}`, "x-ms-version": "2023-11-03", ...options.headers },
            body: options.body,
        });
        return { status: response.status, code: response.headers.get("x-ms-error-code"), text: await response.text() };
    }

    const upload = (path: string, headers: Record<string, string> = {}) =>
        call(path, { method: "PUT", body: "text", headers: { "x-ms-blob-type": "BlockBlob", ...headers } });

    function keyClient(key = account.key): BlobServiceClient {
        return new BlobServiceClient(account.blobEndpoint, new StorageSharedKeyCredential("data", key));
    }

    function sas(options: { permissions?: string; expires?: number; blob?: string } = {}): string {
        const query = account.serviceSas({
            container: "code",
            blob: options.blob ?? "app.zip",
            permissions: options.permissions ?? "r",
            expiresOn: new Date(Date.now() + (options.expires ?? hour)),
        });
        return `${account.blobEndpoint}code/app.zip?${query}`;
    }

    describe("control plane", () => {
        it("makes and deletes containers and blobs, also twice", async () => {
            await account.createContainer("twice");
            await account.createContainer("twice");
            const blob = { container: "twice", name: "a folder/ä+b&c?.txt" };
            await account.putBlob({ ...blob, data: Buffer.from("one"), contentType: "text/plain" });
            await account.putBlob({ ...blob, data: Buffer.from("two"), contentType: "text/plain" });
            const client = keyClient().getContainerClient("twice").getBlobClient(blob.name);
            assert.equal((await client.downloadToBuffer()).toString(), "two");
            assert.equal((await client.getProperties()).contentType, "text/plain");
            await account.deleteBlob(blob);
            await account.deleteBlob(blob);
            assert.equal(await client.exists(), false);
            await account.deleteContainer("twice");
            await account.deleteContainer("twice");
            assert.equal(await keyClient().getContainerClient("twice").exists(), false);
        });

        it("says what it was refused, and for which account", async () => {
            await assert.rejects(account.createContainer("x"), /Storage account "data" refused PUT "x": .*length/);
            await assert.rejects(
                account.putBlob({ container: "missing", name: "a", data: Buffer.from("") }),
                /refused PUT "missing\/a": The specified container does not exist/,
            );
        });

        it("refuses names and keys that Azure would refuse", async () => {
            const open = (options: { name: string; key?: string }) =>
                test.emulator.openStorageAccount({ id: armId(`other/${options.name}`), ...options });
            await assert.rejects(open({ name: "Data" }), /Storage account name "Data" is not valid/);
            await assert.rejects(open({ name: "ab" }), /Use 3 to 24/);
            await assert.rejects(open({ name: "other", key: "not base64!" }), /must be base64/);
        });
    });

    describe("account key", () => {
        it("opens the account to the real client", async () => {
            const client = keyClient().getContainerClient("code").getBlockBlobClient("from client");
            await client.uploadStream(Readable.from([Buffer.alloc(300_000, "a"), Buffer.alloc(10, "b")]), 100_000);
            assert.equal((await client.downloadToBuffer()).length, 300_010);
            await client.delete();
        });

        it("that is wrong opens nothing", async () => {
            await assert.rejects(keyClient(Buffer.from("wrong").toString("base64")).getProperties(), {
                statusCode: 403,
            });
        });

        it("opens nothing when the account does not allow it, and neither does a SAS", async () => {
            account.update({ allowSharedKeyAccess: false });
            await assert.rejects(keyClient().getProperties(), {
                statusCode: 403,
                code: "KeyBasedAuthenticationNotPermitted",
            });
            const response = await fetch(sas());
            assert.equal(response.status, 403);
            assert.match(await response.text(), /allowSharedKeyAccess is false/);
            await assert.rejects(
                account.putBlob({ container: "code", name: "a", data: Buffer.from("") }),
                /Uploading blob "code\/a" needs the key of storage account "data"/,
            );
            await account.createContainer("code");
            assign("storageBlobDataReader");
            assert.equal((await call("code/app.zip")).status, 200);
        });
    });

    describe("SAS", () => {
        it("opens its blob until it expires, for what it permits", async () => {
            const response = await fetch(sas());
            assert.equal(await response.text(), "zip");
            assert.equal((await fetch(sas({ expires: -hour }))).status, 403);
            assert.equal((await fetch(sas({ permissions: "w" }))).status, 403);
            assert.equal((await fetch(sas({ blob: "other.zip" }))).status, 403);
            assert.equal((await fetch(sas().replace("sp=r", "sp=rw"))).status, 403);
            assert.equal((await fetch(sas(), { method: "DELETE" })).status, 403);
        });

        it("is what the real library signs", () => {
            const startsOn = new Date(Date.UTC(2026, 0, 1));
            const expiresOn = new Date(Date.UTC(2026, 0, 2, 3, 4, 5, 678));
            const ours = account.serviceSas({ container: "c", blob: "a b/ü", permissions: "rcw", startsOn, expiresOn });
            const theirs = generateBlobSASQueryParameters(
                {
                    containerName: "c",
                    blobName: "a b/ü",
                    permissions: BlobSASPermissions.parse("rcw"),
                    startsOn,
                    expiresOn,
                    version: "2022-11-02",
                },
                new StorageSharedKeyCredential("data", account.key),
            );
            const sorted = (query: string) => [...new URLSearchParams(query)].sort();
            assert.deepEqual(sorted(ours), sorted(theirs.toString()));
        });

        it("is refused for permissions out of order and for times the wrong way round", () => {
            const now = new Date();
            const make = (permissions: string, expiresOn = new Date(now.getTime() + hour)) =>
                account.serviceSas({ container: "c", blob: "b", permissions, startsOn: now, expiresOn });
            for (const permissions of ["", "wr", "rr", "z"]) {
                assert.throws(() => make(permissions), /SAS permissions ".*" are not valid/);
            }
            assert.throws(() => make("r", now), /must start before it expires/);
        });
    });

    describe("bearer token", () => {
        for (const [role, expected] of [
            ["none", [403, 403, 403, 403, 403]],
            ["keyVaultSecretsOfficer", [403, 403, 403, 403, 403]],
            ["storageBlobDataReader", [200, 200, 403, 403, 403]],
            ["storageBlobDataContributor", [200, 200, 201, 403, 202]],
            ["storageBlobDataOwner", [200, 200, 201, 204, 202]],
        ] as const) {
            it(`of a principal with ${role} may get, list, put, tag and delete by its role`, async () => {
                if (role !== "none") {
                    assign(role);
                }
                const tags = "<Tags><TagSet><Tag><Key>a</Key><Value>b</Value></Tag></TagSet></Tags>";
                const statuses = [
                    (await call("code/app.zip")).status,
                    (await call("code?restype=container&comp=list&prefix=app%2Ezip&include=metadata")).status,
                    (await upload("code/new.zip")).status,
                    (await call("code/app.zip?comp=tags", { method: "PUT", body: tags })).status,
                    (await call("code/app.zip", { method: "DELETE" })).status,
                ];
                assert.deepEqual(statuses, expected);
            });
        }

        it("with a role on one container opens that container only", async () => {
            assign("storageBlobDataContributor", container("code"));
            assert.equal((await upload("code/new.zip")).status, 201);
            assert.equal((await upload("secret/new.zip")).status, 403);
            assert.equal((await call("?comp=list")).status, 403);
        });

        it("sends metadata, blocks and odd names through unharmed", async () => {
            assign("storageBlobDataContributor");
            const path = "code/a%20folder/%C3%A4%2Bb.txt";
            const blockId = encodeURIComponent(Buffer.from("block-1").toString("base64"));
            const block = await call(`${path}?comp=block&blockid=${blockId}`, { method: "PUT", body: "streamed" });
            assert.equal(block.status, 201, block.text);
            const list = `<BlockList><Latest>${decodeURIComponent(blockId)}</Latest></BlockList>`;
            const commit = await call(`${path}?comp=blocklist`, {
                method: "PUT",
                body: list,
                headers: { "x-ms-meta-Hash": "abc" },
            });
            assert.equal(commit.status, 201, commit.text);
            const response = await fetch(`${account.blobEndpoint}${path}`, {
                headers: { authorization: `Bearer ${token}`, "x-ms-version": "2023-11-03", "x-ms-range": "bytes=0-3" },
            });
            assert.equal(await response.text(), "stre");
            assert.equal(response.headers.get("x-ms-meta-hash"), "abc");
        });

        it("without a role is told which one, also in the log", async () => {
            const answer = await call("code/app.zip");
            assert.equal(answer.code, "AuthorizationPermissionMismatch");
            assert.match(answer.text, /<Code>AuthorizationPermissionMismatch<\/Code>/);
            assert.match(answer.text, /"Storage Blob Data Reader" or .* on .*\/containers\/code; assigned: none/);
            assert.match(test.log.at(-1)!.message, /^GET blob: .*Storage Blob Data Reader/);
            assert.equal((await call("code/app.zip", { method: "HEAD" })).code, "AuthorizationPermissionMismatch");
        });

        it("for another audience is refused with a challenge", async () => {
            const wrong = await test.emulator.identity.issueToken({
                principalId: app.principalId,
                audience: "https://vault.azure.net",
            });
            const response = await fetch(`${account.blobEndpoint}code/app.zip`, {
                headers: { authorization: `Bearer ${wrong}` },
            });
            assert.equal(response.status, 401);
            assert.equal(response.headers.get("x-ms-error-code"), "InvalidAuthenticationInfo");
            assert.match(response.headers.get("www-authenticate") ?? "", /resource_id=https:\/\/storage.azure.com/);
        });

        it("copies only from a container that it may read", async () => {
            await account.putBlob({ container: "secret", name: "s", data: Buffer.from("hidden") });
            const copy = (source: string) =>
                call("code/copy", { method: "PUT", headers: { "x-ms-copy-source": source } });
            const source = `${account.blobEndpoint}secret/s`;
            assign("storageBlobDataContributor", container("code"));
            for (const spelling of [
                source,
                source.replace("localhost", "127.0.0.1"),
                source.replace("secret", "%73ecret"),
                `${source}?sig=guessed`,
            ]) {
                const refused = await copy(spelling);
                assert.equal(refused.status, 403, spelling);
                assert.match(refused.text, /containers\/secret/);
            }
            assign("storageBlobDataContributor");
            assert.equal((await copy(source)).status, 202);
        });

        it("is refused by name what is not emulated", async () => {
            assign("storageBlobDataOwner");
            for (const [query, pattern] of [
                ["?comp=batch", /Blob batches with a bearer token are not emulated/],
                ["?restype=service&comp=userdelegationkey", /User delegation keys are not emulated/],
            ] as const) {
                const answer = await call(query, { method: "POST", body: "" });
                assert.equal(answer.status, 501);
                assert.match(answer.text, pattern);
            }
        });
    });

    it("opens nothing to a caller without credentials", async () => {
        const response = await fetch(`${account.blobEndpoint}code/app.zip`);
        // Source: learn, anonymous-read-access-prevent.
        assert.equal(response.status, 409);
        assert.equal(response.headers.get("x-ms-error-code"), "PublicAccessNotPermitted");
        assert.match(await response.text(), /Public access is not permitted on this storage account/);
    });

    for (const path of ["//", "/%zz", "/data/code/app.zip?x=%zz&sig=a"]) {
        it(`refuses ${path}, which is not a URL, and keeps serving`, async () => {
            const [response] = (await once(get({ port: account.port, host: "127.0.0.1", path }), "response")) as [
                IncomingMessage,
            ];
            response.resume();
            assert.equal(response.statusCode, 400);
            assert.equal(response.headers["x-ms-error-code"], "InvalidUri");
            assert.equal((await fetch(sas())).status, 200);
        });
    }

    it("refuses a large upload without waiting for it", async () => {
        const body = "x".repeat(20_000_000);
        assert.equal((await call("code/big", { method: "PUT", body })).status, 403);
    });

    it("does not take a guessed control header", async () => {
        for (const value of ["", "x", "0".repeat(48)]) {
            const response = await fetch(`${account.blobEndpoint}?comp=list`, {
                headers: { "x-emulator-control": value },
            });
            assert.ok(response.status >= 400);
        }
    });

    it("does not serve another account, whose data is next to its own", async () => {
        const other = await test.emulator.openStorageAccount({ id: `${id}2`, name: "other" });
        assert.notEqual(other.key, account.key);
        const client = new BlobServiceClient(
            other.blobEndpoint.replace(String(other.port), String(account.port)),
            new StorageSharedKeyCredential("other", other.key),
        );
        await assert.rejects(client.getProperties(), { statusCode: 404, code: "ResourceNotFound" });
        const names = new BlobServiceClient(
            other.blobEndpoint,
            new StorageSharedKeyCredential("other", other.key),
        ).listContainers();
        assert.equal((await names.next()).done, true);
        await other.close();
    });

    it("leaves the environment of this process alone", () => {
        assert.equal(process.env.AZURITE_ACCOUNTS, undefined);
    });

    it("keeps its key, port, containers and blobs over a restart, and loses them when it is removed", async () => {
        const own = await startTestEmulator();
        try {
            const first = await own.emulator.openStorageAccount({ id, name: "kept" });
            await first.createContainer("code");
            await first.putBlob({ container: "code", name: "a", data: Buffer.from("kept") });
            let emulator = await own.restart();
            const second = await emulator.openStorageAccount({ id, name: "kept", port: first.port });
            assert.deepEqual([second.key, second.blobEndpoint], [first.key, first.blobEndpoint]);
            const blob = (account: StorageAccount) =>
                new BlobServiceClient(account.blobEndpoint, new StorageSharedKeyCredential("kept", account.key))
                    .getContainerClient("code")
                    .getBlobClient("a");
            assert.equal((await blob(second).downloadToBuffer()).toString(), "kept");
            await second.remove();
            emulator = await own.restart();
            const third = await emulator.openStorageAccount({ id, name: "kept" });
            assert.notEqual(third.key, first.key);
            assert.equal(await blob(third).exists(), false);
        } finally {
            await own.close();
        }
    });
});
