import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import {
    existsSync,
    lstatSync,
    mkdtempSync,
    readFileSync,
    rmSync,
    statSync,
    symlinkSync,
    writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runCli } from "../support/cli";

describe("azure-realtime local-settings", () => {
    let folder: string;
    beforeEach(() => {
        folder = mkdtempSync(join(tmpdir(), "local-settings-"));
    });
    afterEach(() => rmSync(folder, { recursive: true, force: true }));

    function outputs(localSettings: unknown): string {
        const path = join(folder, "outputs.json");
        writeFileSync(path, JSON.stringify({ localSettings }));
        return path;
    }
    const settings = JSON.stringify({ IsEncrypted: false, Values: { A: "secret value" } });
    const target = () => join(folder, "local.settings.json");

    it("writes the stack's output for this user alone, and does not print it", async () => {
        const { code, lines } = await runCli(["local-settings", outputs(settings), "-o", target()]);
        assert.equal(code, 0);
        assert.equal(readFileSync(target(), "utf8"), settings);
        assert.equal(statSync(target()).mode & 0o777, 0o600);
        assert.doesNotMatch(lines.join(), /secret value/);
    });

    it("replaces a file only with --force, and keeps it readable for this user alone", async () => {
        writeFileSync(target(), "mine", { mode: 0o644 });
        await assert.rejects(runCli(["local-settings", outputs(settings), "-o", target()]), /exists\. Add --force/);
        assert.equal(readFileSync(target(), "utf8"), "mine");
        await runCli(["local-settings", outputs(settings), "-o", target(), "--force"]);
        assert.equal(readFileSync(target(), "utf8"), settings);
        assert.equal(statSync(target()).mode & 0o777, 0o600);
    });

    it("takes a link that leads nowhere for a file, and replaces the link alone", async () => {
        symlinkSync(join(folder, "nowhere"), target());
        await assert.rejects(runCli(["local-settings", outputs(settings), "-o", target()]), /exists\. Add --force/);
        await runCli(["local-settings", outputs(settings), "-o", target(), "--force"]);
        assert.ok(lstatSync(target()).isFile());
        assert.equal(existsSync(join(folder, "nowhere")), false);
    });

    it("replaces no device, no pipe and nothing behind a link to one", async function () {
        if (process.platform === "win32") {
            this.skip();
        }
        execFileSync("mkfifo", [join(folder, "pipe")]);
        symlinkSync(join(folder, "pipe"), join(folder, "link"));
        symlinkSync("/dev/null", join(folder, "null"));
        for (const name of ["pipe", "link", "null"]) {
            const path = join(folder, name);
            const before = lstatSync(path).ino;
            await assert.rejects(
                runCli(["local-settings", outputs(settings), "-o", path, "--force"]),
                /is not a file but a device, a pipe or the like/,
            );
            assert.equal(lstatSync(path).ino, before);
        }
    });

    for (const { given, message } of [
        { given: "[secret]", message: /is a hidden secret\. .*--show-secrets/ },
        { given: undefined, message: /no output localSettings/ },
        { given: "text", message: /is not a local\.settings\.json/ },
        { given: "[]", message: /is not a local\.settings\.json/ },
    ]) {
        it(`refuses ${JSON.stringify(given)} and writes nothing`, async () => {
            await assert.rejects(runCli(["local-settings", outputs(given), "-o", target()]), message);
            assert.throws(() => statSync(target()), /ENOENT/);
        });
    }
});
