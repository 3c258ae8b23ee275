import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { decodeJwt } from "jose";
import { type OneDeployBody, openFunctionApp, type PlanSku } from "../../../emulator/functions";
import { putFuncInPath } from "../../support/coreTools";
import { type FakeService, openFakeService } from "../../support/fakeService";
import { openTestApp, type TestApp, type TestAppOptions } from "../../support/functionApp";
import { legacyPackage } from "../../support/functionPackage";

const identities = {
    systemAssigned: { principalId: "system", clientId: "c1", resourceId: "/r1" },
    userAssigned: [{ principalId: "user", clientId: "c2", resourceId: "/subscriptions/s/ids/Own" }],
};
const keysInFiles = { AzureWebJobsSecretStorageType: "files" };
const reader = "WEBSITE_RUN_FROM_PACKAGE_BLOB_MI_RESOURCE_ID";

/** Tries to write a file beside its code in each way that apps use, and elsewhere. */
const writer = `
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");
const { pipeline } = require("node:stream/promises");
const code = async (work) => { try { await work(); return "written"; } catch (error) { return error.code; } };
module.exports = async () => {
    const here = (name) => path.join(__dirname, name);
    const elsewhere = path.join(fs.mkdtempSync(path.join(os.tmpdir(), "written-")), "a");
    return { body: [
        await code(() => fs.writeFileSync(here("a"), "")),
        await code(() => fs.promises.writeFile(here("b"), "")),
        await code(() => new Promise((resolve, reject) => fs.mkdir(here("c"), (e) => (e ? reject(e) : resolve())))),
        await code(() => pipeline(["x"], fs.createWriteStream(here("d")))),
        await code(async () => { const file = await fs.promises.open(here("e"), "w"); await file.close(); }),
        await code(() => fs.copyFileSync(__filename, here("f"))),
        await code(() => fs.readFileSync(__filename)),
        await code(() => fs.writeFileSync(elsewhere, "")),
    ] };
};`;

function packageOf(text: string): Buffer {
    const more = {
        "write/function.json": JSON.stringify({
            bindings: [
                { type: "httpTrigger", direction: "in", name: "req", authLevel: "anonymous" },
                { type: "http", direction: "out", name: "$return" },
            ],
        }),
        "write/index.js": writer,
    };
    return legacyPackage({ text, more });
}

describe("functions: package", () => {
    let storage: FakeService;
    let test: TestApp | undefined;
    let folder: string;
    const blobs = new Map<string, Buffer>();

    beforeEach(async () => {
        blobs.clear();
        blobs.set("/packages/one.zip", packageOf("one"));
        blobs.set("/packages/two.zip", packageOf("two"));
        folder = await mkdtemp(path.join(os.tmpdir(), "package-test-"));
        storage = await openFakeService(({ method, path: target, body, headers, query }) => {
            if (method === "PUT") {
                blobs.set(target, Buffer.from(body, "latin1"));
                return { status: 201 };
            }
            if (headers.authorization === undefined && query.sig === undefined) {
                const message = "Public access is not permitted on this storage account.";
                return { status: 409, body: `<Error><Message>${message}</Message></Error>` };
            }
            const blob = blobs.get(target);
            return blob === undefined ? { status: 404 } : { status: 200, body: blob };
        });
    });
    afterEach(async () => {
        await test?.close();
        test = undefined;
        await storage.close();
        await rm(folder, { recursive: true, force: true });
    });

    async function open(options: TestAppOptions = {}): Promise<TestApp> {
        test = await openTestApp({ identities, folder, ...options });
        return test;
    }

    const urlOf = (name: string) => `${storage.origin}/packages/${name}.zip`;
    const byUrl = (more: Record<string, string> = {}) => ({ WEBSITE_RUN_FROM_PACKAGE: urlOf("one"), ...more });
    const deploy = (name: string, more: Partial<OneDeployBody> = {}) =>
        test!.app.deploy({ packageUri: `${urlOf(name)}?sig=s`, ...more });

    async function get(target: string): Promise<string> {
        const response = await fetch(`http://${test!.app.hostName}/api/${target}`);
        return response.status === 200 ? response.text() : String(response.status);
    }

    // Source: learn, run-functions-from-deployment-package; Esposter/Esposter pull request 1096.
    describe("by URL", () => {
        for (const { title, id, principal } of [
            { title: "the system-assigned identity", id: "SystemAssigned", principal: "system" },
            { title: "a user-assigned identity", id: "/subscriptions/s/ids/own", principal: "user" },
        ]) {
            it(`is read with ${title} that the setting names`, async () => {
                await open({ settings: byUrl({ [reader]: id }) });
                assert.equal(await get("text"), "one");
                const call = storage.calls.find(({ path: target }) => target === "/packages/one.zip")!;
                assert.equal(decodeJwt(String(call.headers.authorization).slice("Bearer ".length)).oid, principal);
            });
        }

        it("is read anonymously without the setting, and the app then runs without functions", async () => {
            const { app, logged } = await open({ settings: byUrl() });
            await app.ready();
            assert.deepEqual(app.functions(), []);
            assert.equal(await get("text"), "404");
            const { message, level } = await logged(/WEBSITE_RUN_FROM_PACKAGE:/);
            assert.equal(level, "error");
            assert.match(message, /without functions.*409 Public access is not permitted.*BLOB_MI_RESOURCE_ID/);
            await app.setAppSettings({ ...keysInFiles, ...byUrl({ [reader]: "SystemAssigned" }) });
            assert.equal(await get("text"), "one");
        });

        it("is read with its own signature", async () => {
            await open({ settings: byUrl({ WEBSITE_RUN_FROM_PACKAGE: `${urlOf("one")}?sig=s` }) });
            assert.equal(await get("text"), "one");
        });

        it("is not read with an identity that the app does not have", async () => {
            const { app } = await open({ settings: byUrl({ [reader]: "/subscriptions/s/ids/other" }) });
            assert.equal(app.status().state, "Failed");
            assert.match(
                app.status().reason ?? "",
                /BLOB_MI_RESOURCE_ID is '\/subscriptions\/s\/ids\/other'.*no identity/,
            );
        });

        it("is mounted read-only", async () => {
            await open({ settings: byUrl({ [reader]: "SystemAssigned" }) });
            assert.match(await get("write"), /"EROFS"/);
        });

        it("does not follow a mounted package on the same app", async () => {
            const { app } = await open({ settings: { WEBSITE_RUN_FROM_PACKAGE: "1" } });
            await deploy("two");
            const next = { ...keysInFiles, ...byUrl({ [reader]: "SystemAssigned" }) };
            await assert.rejects(app.setAppSettings(next), /WEBSITE_RUN_FROM_PACKAGE is a URL.*replace the app/);
            assert.equal(await get("text"), "two");
        });
    });

    describe("of One Deploy", () => {
        const readOnly = ["EROFS", "EROFS", "EROFS", "EROFS", "EROFS", "EROFS", "written", "written"];
        for (const { title, options, expected } of [
            { title: "extracted and writable", options: {}, expected: readOnly.map(() => "written") },
            {
                title: "mounted read-only with WEBSITE_RUN_FROM_PACKAGE=1",
                options: { settings: { WEBSITE_RUN_FROM_PACKAGE: "1" } },
                expected: readOnly,
            },
            {
                title: "mounted read-only on Flex Consumption",
                options: { sku: "FlexConsumption" as const },
                expected: readOnly,
            },
        ]) {
            it(`is ${title}`, async () => {
                await open(options);
                await deploy("one");
                assert.deepEqual(JSON.parse(await get("write")), expected);
            });
        }

        for (const settings of [{}, { WEBSITE_RUN_FROM_PACKAGE: "1" }] as Record<string, string>[]) {
            it(`stays with the app when the emulator starts again ${JSON.stringify(settings)}`, async () => {
                await open({ settings });
                await deploy("one");
                const { app, core } = test!;
                await app.close();
                const again = await openFunctionApp({ id: app.id, name: app.name, identities, folder }, core);
                Object.assign(test!, { app: again, close: () => Promise.all([again.close(), core.identity.close()]) });
                await again.setAppSettings({ ...keysInFiles, ...settings });
                assert.equal(await get("text"), "one");
            });
        }

        const bodies: { sku: PlanSku; body: Partial<OneDeployBody>; refusal?: RegExp }[] = [
            { sku: "FlexConsumption", body: { remoteBuild: false } },
            {
                sku: "FlexConsumption",
                body: { remoteBuild: true },
                refusal: /remoteBuild is true: code is built on Azure only/,
            },
            {
                sku: "FlexConsumption",
                body: { type: "zip", clean: true },
                refusal: /type is "zip".*no such property.*packageUri, remoteBuild.*clean is true/s,
            },
            { sku: "Dedicated", body: { type: "zip", clean: true, restart: true } },
            {
                sku: "Dedicated",
                body: { remoteBuild: false },
                refusal: /remoteBuild is false.*plan Dedicated has no such/,
            },
            { sku: "Dedicated", body: { type: "war" }, refusal: /type is "war".*must be "zip"/ },
            { sku: "Dedicated", body: { clean: false }, refusal: /clean is false.*Set it to true/ },
        ];
        for (const { sku, body, refusal } of bodies) {
            it(`${refusal === undefined ? "takes" : "refuses"} ${JSON.stringify(body)} on ${sku}`, async () => {
                await open({ sku });
                if (refusal === undefined) {
                    await deploy("one", body);
                    assert.equal(await get("text"), "one");
                } else {
                    await assert.rejects(deploy("one", body), refusal);
                    assert.equal(storage.calls.length, 0);
                }
            });
        }

        it("is refused for an app that runs from a URL", async () => {
            await open({ settings: byUrl({ [reader]: "SystemAssigned" }) });
            await assert.rejects(deploy("two"), /WEBSITE_RUN_FROM_PACKAGE is a URL.*One Deploy is refused/);
            assert.equal(await get("text"), "one");
        });
    });

    describe("on Windows, where settings choose the runtime", () => {
        it("says which Node it will run on", async () => {
            const settings = { FUNCTIONS_WORKER_RUNTIME: "node", WEBSITE_NODE_DEFAULT_VERSION: "~4" };
            const { logged } = await open({ sku: "Dynamic", settings });
            await logged(/on Azure it will run on Node 4\./);
        });

        it("refuses a runtime other than node without func", async () => {
            const { app } = await open({ sku: "Dynamic" });
            const next = { ...keysInFiles, FUNCTIONS_WORKER_RUNTIME: "java" };
            const restorePath = putFuncInPath({ exists: false });
            try {
                await assert.rejects(
                    app.setAppSettings(next),
                    /its runtime is 'java' and its host is func, the Azure Functions Core Tools 4, which is not in PATH/,
                );
            } finally {
                restorePath();
            }
        });
    });
});
