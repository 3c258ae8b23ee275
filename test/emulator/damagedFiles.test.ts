import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Emulator, startEmulator } from "../../emulator";
import { FileError } from "../../emulator/core/persistence";
import { openTestApp } from "../support/functionApp";

const id = "/subscriptions/s/resourceGroups/g/providers/p/t/name";

/** What a power cut, a full disk or a hand may leave of a file. */
const damages = {
    empties: (path: string) => writeFileSync(path, ""),
    cuts: (path: string) => truncateSync(path, Math.floor(readFileSync(path).length / 2)),
    zeroes: (path: string) => writeFileSync(path, Buffer.alloc(readFileSync(path).length)),
    "writes null into": (path: string) => writeFileSync(path, "null"),
    "writes a list into": (path: string) => writeFileSync(path, '[{"a":1}]'),
    "writes another object into": (path: string) => writeFileSync(path, '{"version":1,"other":{"a":[]}}'),
    "puts a folder in place of": (path: string) => {
        rmSync(path);
        mkdirSync(path);
    },
};

/** Each file that the emulator keeps, and who reads it. */
const files: { file: string; read(emulator: Emulator): Promise<unknown> }[] = [
    { file: "vaults/keys.json", read: (emulator) => emulator.openVault({ id, name: "keys" }) },
    { file: "vaults/.deleted-vaults.json", read: (emulator) => emulator.openVault({ id, name: "keys" }) },
    { file: "storage/blobs.json", read: (emulator) => emulator.openStorageAccount({ id, name: "account" }) },
    { file: "storage/extents.json", read: (emulator) => emulator.openStorageAccount({ id, name: "account" }) },
    { file: "storage/keys.json", read: (emulator) => emulator.openStorageAccount({ id, name: "account" }) },
];

describe("a file of the emulator that is damaged or cannot be read", function () {
    this.timeout(30_000);
    let folder: string;
    before(async () => {
        folder = mkdtempSync(join(tmpdir(), "damaged-"));
        const azureTiming = { roleDelayMilliseconds: 0, secretRefreshMilliseconds: 1000 };
        const emulator = await startEmulator({ folder, azureTiming });
        const vault = await emulator.openVault({ id, name: "keys" });
        vault.setSecret("one", "a secret that no message shows");
        await (await emulator.openVault({ id: `${id}2`, name: "gone" })).remove();
        const account = await emulator.openStorageAccount({ id: `${id}3`, name: "account" });
        await account.createContainer("code");
        await emulator.close();
    });
    after(() => rmSync(folder, { recursive: true, force: true }));

    for (const { file, read } of files) {
        for (const [what, damage] of Object.entries(damages)) {
            it(`stops the start that ${what} ${file}, with its path and the way out`, async () => {
                const path = join(folder, file);
                const whole = readFileSync(path);
                damage(path);
                const emulator = await startEmulator({ folder });
                try {
                    await assert.rejects(read(emulator), (error) => {
                        assert.ok(error instanceof FileError, String(error));
                        assert.ok(error.message.includes(path), error.message);
                        assert.match(error.message, /[Dd]elete the file|`azure-realtime down`|Move the folder away/);
                        assert.doesNotMatch(error.message, /a secret that/);
                        return true;
                    });
                } finally {
                    await emulator.close();
                    rmSync(path, { recursive: true, force: true });
                    writeFileSync(path, whole);
                }
            });
        }
    }

    it("is not missed: afterwards everything is still there", async () => {
        const emulator = await startEmulator({ folder });
        try {
            const vault = await emulator.openVault({ id, name: "keys" });
            assert.deepEqual(vault.listSecretNames(), ["one"]);
            await emulator.openStorageAccount({ id: `${id}3`, name: "account" });
        } finally {
            await emulator.close();
        }
    });
});

describe("a file of a Function App's host that is damaged or cannot be read", () => {
    const settings = { WebPubSubForSocketIOConnectionString: `Endpoint=http://localhost;AccessKey=${"k".repeat(44)};` };
    for (const [what, damage] of Object.entries(damages)) {
        it(`stops the host that ${what} secrets/host.json, with its path and the way out`, async () => {
            const folder = mkdtempSync(join(tmpdir(), "damaged-app-"));
            const codeFolder = join(__dirname, "../fixtures/function-apps/legacy");
            const test = await openTestApp({ folder, codeFolder, settings });
            try {
                await test.app.hostKeys();
                const path = join(folder, "secrets", "host.json");
                damage(path);
                await test.app.setAppSettings({ ...settings, AzureWebJobsSecretStorageType: "files", Another: "1" });
                await assert.rejects(test.app.hostKeys(), (error: Error) => {
                    assert.ok(error.message.includes(path), error.message);
                    assert.match(error.message, /Delete the file|Move the folder away/);
                    return true;
                });
            } finally {
                await test.close();
                rmSync(folder, { recursive: true, force: true });
            }
        });
    }
});
