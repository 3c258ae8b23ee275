import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startEmulator } from "../../emulator";
import { armId, startTestEmulator, type TestEmulator } from "../support/emulator";

interface Ended {
    signal: NodeJS.Signals | null | undefined;
    output: string;
}

/** Runs the fixture until it exits. If something keeps the fixture alive, this stops it and the test fails. */
function run(folder: string, end: "close" | "kill"): Promise<Ended> {
    const script = join(__dirname, "../fixtures/emulator/useAndClose.ts");
    const args = ["-r", "./test/support/typescript.js", script, folder, end];
    return new Promise((resolve) => {
        execFile(process.execPath, args, { timeout: 20_000, killSignal: "SIGTERM" }, (error, stdout, stderr) =>
            resolve({ signal: error?.signal, output: stdout + stderr }),
        );
    });
}

describe("emulator", function () {
    this.timeout(30_000);
    let test: TestEmulator;

    beforeEach(async () => {
        test = await startTestEmulator();
    });
    afterEach(() => test.close());

    it("lets the process exit once it is closed", async () => {
        assert.deepEqual(await run(test.folder, "close"), { signal: undefined, output: "closed\n" });
    });

    it("has on disk what it reported, even when it is killed", async () => {
        const folder = mkdtempSync(join(tmpdir(), "emulator-"));
        try {
            assert.equal((await run(folder, "kill")).signal, "SIGKILL");
            const emulator = await startEmulator({ folder });
            const vault = await emulator.openVault({ id: "/vaults/keys", name: "keys" });
            assert.deepEqual(vault.listSecretNames(), ["one"]);
            const account = await emulator.openStorageAccount({ id: "/accounts/data", name: "data" });
            const expiresOn = new Date(Date.now() + 60_000);
            const sas = account.serviceSas({ container: "code", blob: "a", permissions: "r", expiresOn });
            assert.equal(await (await fetch(`${account.blobEndpoint}code/a?${sas}`)).text(), "kept");
            await emulator.close();
        } finally {
            rmSync(folder, { recursive: true, force: true });
        }
    });

    it("answers nothing once it is closed, and may be closed twice", async () => {
        const vault = await test.emulator.openVault({ id: armId("Microsoft.KeyVault/vaults/keys"), name: "keys" });
        await Promise.all([test.emulator.close(), test.emulator.close()]);
        await test.emulator.close();
        await assert.rejects(fetch(vault.uri));
        await assert.rejects(fetch(test.emulator.identity.endpoint));
    });

    it("does not open one resource twice, until it was closed", async () => {
        const id = armId("Microsoft.KeyVault/vaults/keys");
        const vault = await test.emulator.openVault({ id, name: "keys" });
        await assert.rejects(test.emulator.openVault({ id: id.toUpperCase(), name: "keys" }), /is open already/);
        await vault.close();
        await test.emulator.openVault({ id, name: "keys" });
    });

    it("answers a port that is taken with another one", async () => {
        const first = await test.emulator.openVault({ id: "/vaults/first", name: "first" });
        const second = await test.emulator.openVault({ id: "/vaults/second", name: "second", port: first.port });
        assert.notEqual(second.port, first.port);
        assert.equal(second.uri, `http://localhost:${second.port}/`);
    });

    it("keeps what it stores from other users of the machine", async () => {
        const folder = join(test.folder, "inner");
        await (await startEmulator({ folder })).close();
        assert.equal(statSync(folder).mode & 0o777, 0o700);
    });
});
