import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { acquireLock } from "../../local/engine/lock";
import { makeDataFolder, placeOf } from "../../local/place";
import { announce, endRunning, listRunning } from "../../local/running";

describe("the stacks that run on this machine", () => {
    let folder: string;
    let registry: string;
    beforeEach(() => {
        folder = mkdtempSync(join(tmpdir(), "local-running-"));
        registry = join(folder, "registry");
    });
    afterEach(() => rmSync(folder, { recursive: true, force: true }));
    const entryOf = (name: string, pid = process.pid) => ({
        pid,
        project: "shop",
        stack: name,
        projectDir: folder,
        folder: join(folder, name),
    });

    it("are listed while their process holds their lock", () => {
        assert.deepEqual(listRunning(registry), []);
        const lock = acquireLock(join(folder, "a"), "a");
        const conceal = announce({ ...entryOf("a"), page: "http://localhost:1/" }, registry);
        announce(entryOf("killed"), registry);
        assert.deepEqual(listRunning(registry), [{ ...entryOf("a"), page: "http://localhost:1/" }]);
        conceal();
        assert.deepEqual(listRunning(registry), []);
        lock.release();
    });

    it("skip an entry that is damaged", () => {
        announce(entryOf("a"), registry)();
        writeFileSync(join(registry, "x.json"), "{");
        assert.deepEqual(listRunning(registry), []);
    });

    it("end at a signal, and the caller waits for that", async () => {
        const place = join(folder, "b");
        // Holds the lock until the signal, as `start` does.
        const program = `
            const { acquireLock } = require(${JSON.stringify(require.resolve("../../local/engine/lock"))});
            const lock = acquireLock(${JSON.stringify(place)}, "b");
            process.on("SIGTERM", () => { lock.release(); process.exit(); });
            console.log("locked");
            setInterval(() => {}, 1000);
        `;
        const child = spawn(process.execPath, ["-r", require.resolve("../support/typescript"), "-e", program], {
            stdio: ["ignore", "pipe", "inherit"],
        });
        await once(child.stdout, "data");
        const ended = once(child, "exit");
        await endRunning(entryOf("b", child.pid));
        assert.equal(existsSync(join(place, "lock")), false);
        await ended;
    });
});

describe("the place of a local stack", () => {
    it("is a folder of the project that git ignores and only its owner reads", () => {
        const projectDir = mkdtempSync(join(tmpdir(), "local-place-"));
        try {
            const { folder } = placeOf({ cwd: projectDir, stack: "dev" });
            assert.equal(folder, join(projectDir, ".azure-realtime", "dev"));
            makeDataFolder(projectDir);
            assert.equal(readFileSync(join(projectDir, ".azure-realtime/.gitignore"), "utf8"), "*\n");
            assert.equal(statSync(join(projectDir, ".azure-realtime")).mode & 0o077, 0);
        } finally {
            rmSync(projectDir, { recursive: true, force: true });
        }
    });

    for (const stack of ["", "..", ".", "a/b", "../x", "a\\b", "x".repeat(101)]) {
        it(`is refused for the stack ${JSON.stringify(stack.slice(0, 20))}`, () => {
            assert.throws(() => placeOf({ cwd: ".", stack }), /--stack is .*: a stack's name has 1-100 letters/);
        });
    }
});
