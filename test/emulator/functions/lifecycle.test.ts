import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import os from "node:os";
import path from "node:path";
import { FakeClock } from "../../support/clock";
import { type FakeService, openFakeService } from "../../support/fakeService";
import { fixtures, openTestApp, type TestApp } from "../../support/functionApp";

const codeFolder = path.join(fixtures, "v4");
const connection =
    "Endpoint=http://localhost;Port=8080;AccessKey=ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789ABCDEFGH;Version=1.0;";
const settings = { WebPubSubForSocketIOConnectionString: connection };
const files = { ...settings, AzureWebJobsSecretStorageType: "files" };

/** A store that accepts whatever the host writes: secrets of a vault, or blobs. */
function answerAsKeyStore(stored: Map<string, string>): FakeService["answer"] {
    return ({ method, path: target, body }) => {
        if (method === "PUT") {
            stored.set(target, body);
            return { status: 201, body: "{}" };
        }
        const text = stored.get(target);
        return text !== undefined
            ? { status: 200, body: text }
            : target === "/secrets"
              ? { status: 200, body: '{"value":[]}' }
              : { status: 404 };
    };
}

async function text(test: TestApp, target: string): Promise<string> {
    return (await fetch(test.url(target))).text();
}

describe("functions: life of a host", () => {
    let test: TestApp | undefined;
    afterEach(async () => {
        await test?.close();
        test = undefined;
    });

    it("answers 503 in plain words before it has settings", async () => {
        test = await openTestApp({ codeFolder, isStopped: true });
        const response = await fetch(test.url("/api/echo"));
        assert.equal(response.status, 503);
        assert.match(
            await response.text(),
            /Function host is not running\.\nThe function app has not been started yet/,
        );
        await assert.rejects(test.app.hostKeys(), /not running/);
    });

    it("restarts with new settings, ends what it began with the old ones, and loses no request", async () => {
        test = await openTestApp({ codeFolder, settings: { ...settings, VERSION: "1" } });
        const slow = text(test, "/api/slow?ms=300");
        await text(test, "/api/slow?ms=0");
        const restarted = test.app.setAppSettings({ ...files, VERSION: "2" });
        const during = Array.from({ length: 40 }, () => text(test!, "/api/slow?ms=0"));
        await restarted;
        assert.equal(await text(test, "/api/slow?ms=0"), "2");
        assert.deepEqual(new Set(await Promise.all(during)), new Set(["2"]));
        assert.equal(await slow, "1");
    });

    it("starts again after a crash, and says how it crashed", async () => {
        test = await openTestApp({ codeFolder, settings });
        await assert.rejects(fetch(test.url("/api/crash")));
        const entry = await test.logged(/process crashed/);
        assert.match(entry.message, /exit code 1, TypeError: the app broke down/);
        assert.equal(await text(test, "/api/slow?ms=0"), "none");
    });

    it("waits longer after each crash in a row, and answers 503 with the reason while it waits", async () => {
        const clock = new FakeClock();
        test = await openTestApp({ codeFolder, settings, clock });
        const crash = async () => {
            const before = test!.entries.length;
            await fetch(test!.url("/api/crash")).catch(() => undefined);
            await clock.waitFor(
                () => test!.entries.slice(before).some(({ message }) => /process crashed/.test(message)),
                "the crash",
            );
        };
        await crash();
        await test.app.ready();
        await crash();
        assert.equal(test.app.status().state, "Failed");
        const response = await fetch(test.url("/api/echo"));
        assert.equal(response.status, 503);
        assert.match(await response.text(), /TypeError: the app broke down/);
        await clock.advance(1000);
        await clock.waitFor(() => test!.app.status().state === "Running", "the restart");
    });

    it("replaces a host that does not answer any more", async () => {
        const clock = new FakeClock();
        test = await openTestApp({ codeFolder, settings, clock, deafMilliseconds: 2000 });
        const spinning = fetch(test.url("/api/spin")).catch(() => "cut");
        await test.logged(/spinning/);
        await clock.advance(5000);
        await clock.advance(2000);
        assert.equal(await spinning, "cut");
        await test.logged(/did not answer for 2 s, while it ran .spin., and is replaced/);
        await clock.waitFor(() => test!.app.status().state === "Running", "the new host");
        assert.equal(await text(test, "/api/slow?ms=0"), "none");
    });

    it("replaces a host whose function runs longer than functionTimeout", async () => {
        test = await openTestApp({ codeFolder: path.join(fixtures, "timeout") });
        const response = await fetch(test.url("/api/never"));
        assert.equal(response.status, 500);
        await test.logged(/Timeout value of 00:00:01 exceeded by function 'Functions\.never'/);
        await test.logged(/The host is replaced/);
        await test.app.ready();
    });

    // The test writes the broken files, because a formatter would change or refuse them in the repository.
    let broken: string;
    before(async () => {
        broken = await mkdtemp(path.join(os.tmpdir(), "broken-apps-"));
        await mkdir(path.join(broken, "badhost"));
        await writeFile(path.join(broken, "badhost", "host.json"), '{ "version": }');
    });
    after(() => rm(broken, { recursive: true }));

    const failures: [name: string, folder: string, settings: Record<string, string>, reason: RegExp][] = [
        [
            "its connection setting is missing",
            "v4",
            {},
            /SocketIO connection string 'WebPubSubForSocketIOConnectionString' does not exist/,
        ],
        // Source: WebPubSubForSocketIOTriggerBinding.cs of Azure/azure-sdk-for-net, CreateListenerAsync.
        [
            "a trigger has an empty hub",
            "nohub",
            settings,
            /Hub name should be configured in either attribute or appsettings/,
        ],
        ["host.json is broken", "badhost", {}, /host\.json is not valid JSON/],
    ];
    for (const [name, folder, more, reason] of failures) {
        it(`does not start when ${name}, and says so`, async () => {
            const parent = folder === "badhost" ? broken : fixtures;
            test = await openTestApp({ codeFolder: path.join(parent, folder), settings: more });
            const status = test.app.status();
            assert.equal(status.state, "Failed");
            assert.match(status.reason ?? "", reason);
            await assert.rejects(test.app.ready(), reason);
            const response = await fetch(test.url("/"));
            assert.equal(response.status, 503);
            assert.match(await response.text(), reason);
        });
    }

    it("names the Key Vault reference that cannot be resolved", async () => {
        test = await openTestApp({
            codeFolder,
            settings: { WebPubSubForSocketIOConnectionString: "@Microsoft.KeyVault(SecretUri=https://v/secrets/s)" },
            references: {
                resolve: () => {
                    throw new Error("principal p has no role on vault v");
                },
            },
        });
        assert.match(test.app.status().reason ?? "", /was not resolved.*principal p has no role on vault v/);
    });

    it("resolves Key Vault references for the app's identity", async () => {
        test = await openTestApp({
            codeFolder,
            settings: { ...settings, VERSION: "@Microsoft.KeyVault(SecretUri=https://v/secrets/s)" },
            identities: { systemAssigned: { principalId: "p1", clientId: "c1", resourceId: "/r" } },
            references: { resolve: ({ principalId }) => `secret of ${principalId}` },
        });
        assert.equal(await text(test, "/api/slow?ms=0"), "secret of p1");
    });

    // Source: azure-functions-host, DefaultScriptWebHookProvider.GetUrl reads the keys while a webhook extension starts.
    for (const { title, answer, storeSettings, reason } of [
        {
            title: "the vault refuses",
            answer: { status: 403, body: '{"error":{"message":"no role on the vault"}}' },
            storeSettings: (origin: string) => ({
                AzureWebJobsSecretStorageType: "keyvault",
                AzureWebJobsSecretStorageKeyVaultUri: origin,
            }),
            reason: /socketio trigger needs its keys.*no role on the vault/,
        },
        {
            title: "blob storage refuses",
            answer: { status: 403, body: "<Error><Message>no role on the account</Message></Error>" },
            storeSettings: (origin: string) => ({
                AzureWebJobsSecretStorageType: "blob",
                AzureWebJobsStorage__blobServiceUri: origin,
            }),
            reason: /socketio trigger needs its keys.*no role on the account/,
        },
    ]) {
        it(`does not start while ${title} to give keys, says so, and is tried again`, async () => {
            const store = await openFakeService(() => answer);
            try {
                const clock = new FakeClock();
                test = await openTestApp({
                    codeFolder,
                    clock,
                    settings: { ...settings, ...storeSettings(store.origin) },
                    identities: { systemAssigned: { principalId: "p1", clientId: "c1", resourceId: "/r" } },
                });
                assert.equal(test.app.status().state, "Failed");
                assert.match(test.app.status().reason ?? "", reason);
                const response = await fetch(test.url("/api/slow?ms=0"));
                assert.equal(response.status, 503);
                assert.match(await response.text(), reason);
                const tried = store.calls.length;
                await clock.advance(1000);
                await clock.waitFor(() => store.calls.length > tried, "the second try");
                await clock.waitFor(() => clock.pending().includes(2000), "the wait after it");
                // The role acts now.
                const stored = new Map<string, string>();
                store.answer = answerAsKeyStore(stored);
                await clock.advance(2000);
                await clock.waitFor(() => test!.app.status().state === "Running", "the host");
                assert.equal(await text(test, "/api/slow?ms=0"), "none");
                assert.ok(stored.size > 0, "the host has made its keys");
            } finally {
                await store.close();
            }
        });
    }

    it("is tried at once when it is woken, and says why it still fails", async () => {
        const store = await openFakeService(() => ({
            status: 403,
            body: '{"error":{"message":"no role on the vault"}}',
        }));
        try {
            test = await openTestApp({
                codeFolder,
                clock: new FakeClock(),
                settings: {
                    ...settings,
                    AzureWebJobsSecretStorageType: "keyvault",
                    AzureWebJobsSecretStorageKeyVaultUri: store.origin,
                },
                identities: { systemAssigned: { principalId: "p1", clientId: "c1", resourceId: "/r" } },
            });
            const tried = store.calls.length;
            await assert.rejects(test.app.wake(), /no role on the vault/);
            assert.ok(store.calls.length > tried, "the host was started again");
            store.answer = answerAsKeyStore(new Map());
            await test.app.wake();
            assert.equal(await text(test, "/api/slow?ms=0"), "none");
        } finally {
            await store.close();
        }
    });

    it("names the setting that is missing for its keys", async () => {
        test = await openTestApp({ codeFolder, settings: { ...settings, AzureWebJobsSecretStorageType: "keyvault" } });
        assert.match(test.app.status().reason ?? "", /AzureWebJobsSecretStorageKeyVaultUri/);
    });

    it("closes while it starts", async () => {
        test = await openTestApp({ codeFolder, isStopped: true });
        const starting = test.app.setAppSettings(files);
        await test.close();
        await starting;
        assert.equal(test.app.status().state, "Stopped");
        assert.ok(!test.entries.some(({ message }) => message.startsWith("Running")));
        test = undefined;
    });

    it("restarts when its identity changes, but not after a change that does not affect the host", async () => {
        test = await openTestApp({ codeFolder, settings });
        const pid = async () => (await fetch(test!.url("/api/pid"))).text();
        const before = await pid();
        await test.app.update({ httpsOnly: true });
        assert.equal(await pid(), before);
        const principal = { principalId: "p2", clientId: "c2", resourceId: "/r2" };
        test.core.identity.addPrincipal(principal);
        await test.app.update({ identities: { systemAssigned: principal } });
        assert.notEqual(await pid(), before);
        const environment = (await (await fetch(test.url("/api/environment"))).json()) as Record<string, string>;
        assert.equal(environment.IDENTITY_ENDPOINT, test.core.identity.endpoint);
    });

    it("closes at once, with connections and requests open, and leaves no process", async () => {
        test = await openTestApp({ codeFolder, settings });
        const idle = connect(test.app.port, "127.0.0.1");
        const ended = new Promise((resolve) => idle.once("close", resolve));
        const slow = fetch(test.url("/api/slow?ms=60000")).catch(() => "cut");
        const environment = (await (await fetch(test.url("/api/pid"))).json()) as { pid: number };
        await test.close();
        assert.equal(await slow, "cut");
        await ended;
        assert.throws(() => process.kill(environment.pid, 0), /ESRCH/);
        test = undefined;
    });
});
