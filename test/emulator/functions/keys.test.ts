import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { createBlobClient } from "../../../emulator/functions/host/blob";
import { createBlobStore } from "../../../emulator/functions/host/keys/blobStore";
import { createFileStore } from "../../../emulator/functions/host/keys/fileStore";
import { generateKey, isIdentifiableKey } from "../../../emulator/functions/host/keys/generate";
import { Keys } from "../../../emulator/functions/host/keys/keys";
import { marvin64 } from "../../../emulator/functions/host/keys/marvin";
import { openKeyStore } from "../../../emulator/functions/host/keys/openStore";
import type { HostSecrets, KeyStore } from "../../../emulator/functions/host/keys/store";
import { denormalizeKeyName, normalizeKeyName } from "../../../emulator/functions/host/keys/vaultNames";
import { createVaultStore } from "../../../emulator/functions/host/keys/vaultStore";
import { createSettings } from "../../../emulator/functions/host/settings";
import { type FakeService, openFakeService } from "../../support/fakeService";

describe("functions: generated keys", () => {
    it("hash as the vendor's published vectors do", () => {
        const hash = (text: string, seed: bigint) => marvin64({ bytes: Buffer.from(text), seed }).toString(16);
        assert.equal(hash("abc", 0xd53cd9cecd0893b7n), "22c74339492769bf");
        assert.equal(hash("abcdefghijklmnopqrstuvwxyz", 0xddddeeeeffff000n), "a128eb7e7260aca2");
    });

    it("have 56 characters, the signature and a checksum that tells the kinds apart", () => {
        for (const kind of ["master", "system", "function"] as const) {
            const key = generateKey({ kind });
            assert.match(key, /^[\w-]{44}AzFu[\w-]{5}[AQgw]==$/);
            assert.equal(Buffer.from(key, "base64url").length, 40);
            assert.equal(isIdentifiableKey({ key, kind }), true);
            assert.equal(isIdentifiableKey({ key, kind: kind === "master" ? "system" : "master" }), false);
        }
    });

    it("validate a key that the vendor's scanner knows", () => {
        assert.equal(isIdentifiableKey({ key: `${"d".repeat(44)}AzFu182vhA==`, kind: "system" }), true);
    });
});

describe("functions: key names in a vault", () => {
    for (const [name, secret] of [
        ["socketio_extension", "socketio-095extension"],
        ["default", "default"],
        ["a-b.c", "a-045b-046c"],
    ] as const) {
        it(`write ${name} as ${secret}`, () => {
            assert.equal(normalizeKeyName(name), secret);
            assert.equal(denormalizeKeyName(secret), name);
        });
    }
});

function memoryStore(initial?: HostSecrets): KeyStore & { host?: HostSecrets; reads: number } {
    const functions = new Map<string, Record<string, string>>();
    const store: KeyStore & { host?: HostSecrets; reads: number } = {
        description: "memory",
        reads: 0,
        async readHost() {
            store.reads += 1;
            return structuredClone(store.host);
        },
        async writeHost(secrets) {
            store.host = structuredClone(secrets);
        },
        readFunction: async (name) => functions.get(name),
        writeFunction: async ({ name, keys }) => void functions.set(name, keys),
    };
    if (initial !== undefined) {
        store.host = initial;
    }
    return store;
}

describe("functions: keys", () => {
    const secrets = (): HostSecrets => ({
        masterKey: "m",
        functionKeys: { default: "f" },
        systemKeys: { testextension_extension: "abc123" },
    });

    it("of an extension that are there before it are kept", async () => {
        const store = memoryStore(secrets());
        const keys = new Keys({ store, now: () => 0 });
        assert.equal(await keys.getOrCreateExtensionKey("testextension_extension"), "abc123");
        assert.deepEqual(store.host, secrets());
    });

    it("of an extension in another case are replaced", async () => {
        const store = memoryStore({ ...secrets(), systemKeys: { Socketio_Extension: "old" } });
        const key = await new Keys({ store, now: () => 0 }).getOrCreateExtensionKey("socketio_extension");
        assert.deepEqual(store.host?.systemKeys, { socketio_extension: key });
        assert.notEqual(key, "old");
    });

    it("are made when the store is empty: a master, a default, no system keys", async () => {
        const store = memoryStore();
        await new Keys({ store, now: () => 0 }).host();
        assert.equal(isIdentifiableKey({ key: store.host!.masterKey, kind: "master" }), true);
        assert.deepEqual(Object.keys(store.host!.functionKeys), ["default"]);
        assert.deepEqual(store.host!.systemKeys, {});
    });

    it("are read again for an unknown value, at most once a minute", async () => {
        let time = 0;
        const store = memoryStore(secrets());
        const keys = new Keys({ store, now: () => time });
        await keys.host();
        store.host = { ...secrets(), masterKey: "rotated" };
        assert.deepEqual(await keys.match({ value: "rotated" }), { level: "admin", name: "master" });
        store.host = { ...secrets(), masterKey: "again" };
        time = 60_000;
        assert.equal(await keys.match({ value: "again" }), undefined);
        time = 60_001;
        assert.deepEqual(await keys.match({ value: "again" }), { level: "admin", name: "master" });
        assert.equal(store.reads, 3);
    });

    it("are read again after the store failed", async () => {
        const store = memoryStore(secrets());
        const { readHost } = store;
        store.readHost = () => Promise.reject(new Error("no role"));
        const keys = new Keys({ store, now: () => 0 });
        await assert.rejects(keys.host(), /no role/);
        store.readHost = readHost;
        assert.equal((await keys.host()).masterKey, "m");
    });
});

describe("functions: key stores", () => {
    let fake: FakeService;
    const stored = new Map<string, string>();
    beforeEach(async () => {
        stored.clear();
        fake = await openFakeService();
    });
    afterEach(() => fake.close());

    function actAsVault(): void {
        fake.answer = ({ method, path: target, body }) => {
            const name = target.split("/")[2];
            if (name === undefined) {
                const value = [...stored.keys()].map((key) => ({ id: `${fake.origin}/secrets/${key}` }));
                return { status: 200, body: JSON.stringify({ value, nextLink: null }) };
            }
            if (method === "PUT") {
                stored.set(name, (JSON.parse(body) as { value: string }).value);
            } else if (method === "DELETE") {
                stored.delete(name);
            }
            return { status: 200, body: JSON.stringify({ value: stored.get(name) }) };
        };
    }

    const openVaultStore = () => createVaultStore({ vaultUri: `${fake.origin}/`, token: async () => "t", fetch });

    it("in a vault read the host's secrets by their names", async () => {
        actAsVault();
        stored.set("host--masterKey--master", "m");
        stored.set("host--functionKey--default", "f");
        stored.set("host--systemKey--socketio-095extension", "s");
        stored.set("unrelated", "u");
        assert.deepEqual(await openVaultStore().readHost(), {
            masterKey: "m",
            functionKeys: { default: "f" },
            systemKeys: { socketio_extension: "s" },
        });
        assert.ok(fake.calls.every(({ headers }) => headers.authorization === "Bearer t"));
    });

    it("in a vault without master key count as empty: a fresh set is written and unknown host secrets go", async () => {
        actAsVault();
        stored.set("host--systemKey--socketio-095extension", "made before");
        stored.set("unrelated", "u");
        await new Keys({ store: openVaultStore(), now: () => 0 }).host();
        assert.deepEqual([...stored.keys()].sort(), [
            "host--functionKey--default",
            "host--masterKey--master",
            "unrelated",
        ]);
    });

    it("in a vault keep the keys of one function apart", async () => {
        actAsVault();
        const store = openVaultStore();
        await store.writeFunction({ name: "my-fn", keys: { default: "1" } });
        assert.deepEqual([...stored], [["function--my-045fn--default", "1"]]);
        assert.deepEqual(await store.readFunction("my-fn"), { default: "1" });
    });

    it("say what the vault said when it refuses", async () => {
        fake.answer = () => ({ status: 403, body: JSON.stringify({ error: { message: "the role is missing" } }) });
        await assert.rejects(
            openVaultStore().readHost(),
            /Key Vault http.* refused GET of secrets with 403: the role is missing/,
        );
    });

    it("in blobs write host.json in a folder named after the site, and make the container", async () => {
        const blobs = createBlobClient({
            endpoint: fake.origin,
            credential: { token: async () => "t" },
            fetch,
            now: () => 0,
        });
        const store = createBlobStore({ blobs, siteName: "MyApp", hostName: "h" });
        fake.answer = ({ method, path: target, body }) => {
            if (method === "PUT") {
                stored.set(target, body);
            }
            return stored.has(target)
                ? { status: method === "PUT" ? 201 : 200, body: stored.get(target)! }
                : { status: 404 };
        };
        assert.equal(await store.readHost(), undefined);
        const secrets = { masterKey: "m", functionKeys: { default: "f" }, systemKeys: { x_extension: "s" } };
        await store.writeHost(secrets);
        assert.deepEqual(await store.readHost(), secrets);
        assert.deepEqual([...stored.keys()], ["/azure-webjobs-secrets", "/azure-webjobs-secrets/myapp/host.json"]);
        const json = JSON.parse(stored.get("/azure-webjobs-secrets/myapp/host.json")!) as Record<string, unknown>;
        assert.deepEqual(json.masterKey, { name: "master", value: "m", encrypted: false });
    });

    it("in files survive", async () => {
        const folder = await mkdtemp(path.join(os.tmpdir(), "keys-"));
        const secrets = { masterKey: "m", functionKeys: {}, systemKeys: { x_extension: "s" } };
        await createFileStore({ folder, hostName: "h" }).writeHost(secrets);
        assert.deepEqual(await createFileStore({ folder, hostName: "h" }).readHost(), secrets);
        await rm(folder, { recursive: true });
    });

    const choices: [settings: Record<string, string>, store: RegExp][] = [
        [{ AzureWebJobsSecretStorageType: "files" }, /^files$/],
        [
            { AzureWebJobsSecretStorageType: "keyvault", AzureWebJobsSecretStorageKeyVaultUri: "https://v/" },
            /^Key Vault https:\/\/v\/$/,
        ],
        [{ AzureWebJobsStorage: "UseDevelopmentStorage=true" }, /^files$/],
        [{ AzureWebJobsStorage__blobServiceUri: "http://localhost:1/acc" }, /^blob storage http:\/\/localhost:1\/acc$/],
        [{ AzureWebJobsStorage__accountName: "acc" }, /^blob storage https:\/\/acc\.blob\.core\.windows\.net$/],
        [
            { AzureWebJobsStorage: "AccountName=a;AccountKey=aw==;BlobEndpoint=http://localhost:2/a" },
            /^blob storage http:\/\/localhost:2\/a$/,
        ],
    ];
    const open = (settings: Record<string, string>) =>
        openKeyStore({
            settings: createSettings(settings),
            config: { stateFolder: "/tmp", hostName: "h" },
            token: async () => "t",
            fetch,
            now: () => 0,
        });
    for (const [settings, store] of choices) {
        it(`${JSON.stringify(settings).slice(0, 70)} chooses ${store.source}`, () =>
            assert.match(open(settings).description, store));
    }
    for (const [settings, message] of [
        [{}, /'AzureWebJobsStorage' connection string is not set or invalid/],
        [{ AzureWebJobsSecretStorageType: "keyvault" }, /AzureWebJobsSecretStorageKeyVaultUri/],
        [{ AzureWebJobsSecretStorageType: "kubernetes" }, /'kubernetes'.*supports 'keyvault', 'blob' and 'files'/],
    ] as const) {
        it(`${JSON.stringify(settings)} is refused`, () => assert.throws(() => open(settings), message));
    }
});
