import assert from "node:assert/strict";
import { decodeJwt } from "jose";
import { type FakeService, openFakeService } from "../../support/fakeService";
import { openTestApp, type TestApp } from "../../support/functionApp";
import { brokenPackage, legacyPackage, packageWithoutModules, zipOf } from "../../support/functionPackage";

const identities = { systemAssigned: { principalId: "p1", clientId: "c1", resourceId: "/r1" } };

describe("functions: deployment", () => {
    let storage: FakeService;
    let test: TestApp;
    const blobs = new Map<string, Buffer>();

    beforeEach(async () => {
        blobs.clear();
        storage = await openFakeService(({ method, path: target, body }) => {
            if (method === "PUT") {
                blobs.set(target, Buffer.from(body, "latin1"));
                return { status: 201 };
            }
            const blob = blobs.get(target);
            return blob === undefined ? { status: 404 } : { status: 200, body: blob };
        });
        test = await openTestApp({ identities, deployment: { containerUrl: `${storage.origin}/app-package` } });
    });
    afterEach(async () => {
        await test.close();
        await storage.close();
    });

    function deploy(content: Buffer): Promise<void> {
        blobs.set("/packages/code.zip", content);
        return test.app.deploy({ packageUri: `${storage.origin}/packages/code.zip?sv=1&sig=verysecret` });
    }

    async function served(): Promise<string> {
        const response = await fetch(test.url("/api/text"));
        return response.status === 200 ? response.text() : String(response.status);
    }

    it("fetches the package by its URL, stores it with the app's identity, and serves it", async () => {
        await deploy(legacyPackage({ text: "one" }));
        assert.equal(await served(), "one");
        assert.deepEqual(test.app.functions(), ["text"]);
        const fetched = storage.calls.find(({ path: target }) => target === "/packages/code.zip")!;
        assert.deepEqual([fetched.query.sig, fetched.headers.authorization], ["verysecret", undefined]);
        const stored = storage.calls.find(({ method }) => method === "PUT")!;
        assert.equal(stored.path, "/app-package/released-package.zip");
        const token = decodeJwt(String(stored.headers.authorization).slice("Bearer ".length));
        assert.deepEqual([token.oid, token.aud], ["p1", "https://storage.azure.com"]);
    });

    it("replaces the code, and the new code answers at once", async () => {
        await deploy(legacyPackage({ text: "one" }));
        assert.equal(await served(), "one");
        await deploy(legacyPackage({ text: "two" }));
        assert.equal(await served(), "two");
    });

    it("loads the stored package again when the emulator starts again", async () => {
        blobs.set("/app-package/released-package.zip", legacyPackage({ text: "from before" }));
        await test.app.setAppSettings({ AzureWebJobsSecretStorageType: "files" });
        assert.equal(await served(), "from before");
    });

    const refused: [name: string, content: Buffer, reason: RegExp][] = [
        ["no zip", Buffer.from("not a zip"), /not a zip file that can be read/],
        ["a file outside", zipOf({ "../evil.js": "1" }), /'\.\.\/evil\.js', which would be outside/],
        ["an absolute file", zipOf({ "/etc/evil": "1" }), /'\/etc\/evil', which would be outside/],
        ["broken code", brokenPackage, /unable to load entry point "dist\/index\.js".*dist\/index\.js:2/],
        ["code without its modules", packageWithoutModules, /Cannot find module '@azure\/functions'/],
    ];
    for (const [name, content, reason] of refused) {
        it(`refuses ${name}, and what ran before still runs`, async () => {
            await deploy(legacyPackage({ text: "one" }));
            const stored = blobs.get("/app-package/released-package.zip");
            await assert.rejects(deploy(content), (error: Error) => {
                assert.match(error.message, /^Function App 'app' was not deployed: /);
                assert.match(error.message, reason);
                return !error.message.includes("verysecret");
            });
            assert.equal(await served(), "one");
            assert.equal(blobs.get("/app-package/released-package.zip"), stored);
        });
    }

    it("refuses a package that does not exist, without the signature in the error", async () => {
        await assert.rejects(
            test.app.deploy({ packageUri: `${storage.origin}/packages/none.zip?sig=verysecret` }),
            (error: Error) =>
                /no package at .*\/packages\/none\.zip/.test(error.message) && !/verysecret/.test(error.message),
        );
    });

    it("fails with the storage's words when the app's identity may not write, and keeps what ran", async () => {
        await deploy(legacyPackage({ text: "one" }));
        const { answer } = storage;
        storage.answer = (call) =>
            call.method === "PUT"
                ? { status: 403, body: "<Error><Message>principal p1 has no role</Message></Error>" }
                : answer(call);
        await assert.rejects(deploy(legacyPackage({ text: "two" })), /app's identity: 403 principal p1 has no role/);
        assert.equal(await served(), "one");
    });

    it("says why when the stored package cannot be read", async () => {
        storage.answer = () => ({ status: 403, body: "<Error><Message>no role</Message></Error>" });
        await test.app.setAppSettings({});
        assert.deepEqual(test.app.status().state, "Failed");
        assert.match(test.app.status().reason ?? "", /released-package\.zip could not be fetched: 403 no role/);
    });

    it("runs from WEBSITE_RUN_FROM_PACKAGE with the app's identity", async () => {
        blobs.set("/other/app.zip", legacyPackage({ text: "by setting" }));
        await test.app.setAppSettings({
            AzureWebJobsSecretStorageType: "files",
            WEBSITE_RUN_FROM_PACKAGE: `${storage.origin}/other/app.zip`,
            WEBSITE_RUN_FROM_PACKAGE_BLOB_MI_RESOURCE_ID: "SystemAssigned",
        });
        assert.equal(await served(), "by setting");
        const call = storage.calls.find(({ path: target }) => target === "/other/app.zip")!;
        assert.match(String(call.headers.authorization), /^Bearer /);
    });
});
