import assert from "node:assert/strict";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openAuthority } from "../../../emulator/core/tls/authority";
import { leafDays } from "../../../emulator/core/tls/certificates";
import { systemRoots } from "../../../emulator/core/tls/systemRoots";

describe("the local authority", () => {
    let folder: string;
    const now = Date.UTC(2026, 0, 1);
    const day = 86_400_000;
    const open = (options: { names?: string[]; now?: number } = {}) =>
        openAuthority({ folder, names: [], now, ...options });

    beforeEach(() => {
        folder = join(mkdtempSync(join(tmpdir(), "authority-")), "tls");
    });
    afterEach(() => rmSync(join(folder, ".."), { recursive: true, force: true }));

    it("is made once, and its keys are its owner's only", async () => {
        const first = await open();
        assert.deepEqual(await open({ now: now + day }), first);
        for (const name of ["authority.key", "localhost.key"]) {
            assert.equal(statSync(join(folder, name)).mode & 0o777, 0o600, name);
        }
        assert.equal(statSync(folder).mode & 0o777, 0o700);
    });

    it("gives programs that replace the machine's roots a file with both", async () => {
        const { bundleFile, certificate } = await open();
        const bundle = readFileSync(bundleFile, "utf8");
        assert.ok(bundle.includes(certificate.trim()));
        assert.ok(bundle.startsWith(systemRoots().slice(0, 1000)));
    });

    it("does not add its certificate again to the file that a shell names as the machine's roots", async () => {
        const { bundleFile } = await open();
        const roots = systemRoots({ own: bundleFile });
        for (const SSL_CERT_FILE of [bundleFile, join(bundleFile, "..", "..", "tls", "trusted.pem"), ""]) {
            assert.equal(systemRoots({ own: bundleFile, env: { SSL_CERT_FILE } }), systemRoots({ env: {} }));
        }
        const other = join(folder, "other.pem");
        writeFileSync(other, "OTHER");
        assert.equal(systemRoots({ own: bundleFile, env: { SSL_CERT_FILE: other } }), "OTHER");
        assert.ok(roots.length > 0);
    });

    it("closes keys to others that a copy of the folder has opened", async function () {
        if (process.platform === "win32") {
            this.skip();
        }
        const first = await open();
        for (const name of ["authority.key", "localhost.key"]) {
            chmodSync(join(folder, name), 0o644);
        }
        assert.deepEqual(await open(), first);
        for (const name of ["authority.key", "localhost.key"]) {
            assert.equal(statSync(join(folder, name)).mode & 0o777, 0o600, name);
        }
    });

    it("renews a server's certificate before it ends, and stays the same authority", async () => {
        const first = await open();
        const late = await open({ now: now + (leafDays - 20) * day });
        assert.equal(late.certificate, first.certificate);
        assert.notEqual(late.leaf.cert, first.leaf.cert);
    });

    it("is made again before it ends itself, or when the clock is before it", async () => {
        const first = await open();
        for (const time of [now + 3640 * day, now - 10 * day]) {
            assert.notEqual((await open({ now: time })).certificate, first.certificate);
        }
    });

    it("is made again for a name that it may not vouch for, and only then", async () => {
        const first = await open();
        const more = await open({ names: ["chat.example.com:8080"] });
        assert.notEqual(more.certificate, first.certificate);
        assert.equal((await open()).certificate, more.certificate);
        assert.equal((await open({ names: ["chat.example.com"] })).leaf.cert, more.leaf.cert);
    });

    for (const name of ["authority.key", "authority.pem", "localhost.key", "localhost.pem"]) {
        it(`is made again when ${name} is damaged`, async () => {
            await open();
            writeFileSync(join(folder, name), "");
            const { leaf, certificate } = await open();
            assert.ok(leaf.cert.length > 100 && certificate.length > 100);
        });
    }

    it("names the file when it cannot be read", async () => {
        await open();
        rmSync(join(folder, "authority.key"));
        mkdirSync(join(folder, "authority.key"));
        await assert.rejects(open(), /authority\.key/);
    });
});
