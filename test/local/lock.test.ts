import assert from "node:assert/strict";
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { readOwner } from "../../emulator/core/fileLock";
import { acquireLock, LockedError } from "../../local/engine/lock";

const rounds = Number(process.env.LOCK_ROUNDS ?? 25);
const atOnce = 4;

/** Tries to lock the folder of each message, and tells whether it did. Holds the locks until it ends. */
const contender = `
require(${JSON.stringify(require.resolve("../support/typescript"))});
const { acquireLock, LockedError } = require(${JSON.stringify(resolve(__dirname, "../../local/engine/lock"))});
process.on("message", (folder) => {
    try {
        acquireLock(folder, "s");
        process.send("won");
    } catch (error) {
        process.send(error instanceof LockedError ? "refused" : String(error));
    }
});
process.send("ready");`;

describe("the lock of a stack", function () {
    this.timeout(60_000);
    let folder: string;
    beforeEach(() => {
        folder = mkdtempSync(join(tmpdir(), "local-lock-"));
    });
    afterEach(() => rmSync(folder, { recursive: true, force: true }));
    const file = () => join(folder, "lock");

    async function startContender(): Promise<ChildProcess> {
        const script = join(folder, "contender.js");
        writeFileSync(script, contender);
        const child = fork(script, [], { cwd: resolve(__dirname, "../.."), execArgv: [] });
        await once(child, "message");
        return child;
    }

    async function ask(child: ChildProcess, place: string): Promise<string> {
        child.send(place);
        const [answer] = await once(child, "message");
        return String(answer);
    }

    it("names the process that holds it, also to a second run in the same process", () => {
        const lock = acquireLock(folder, "s");
        assert.throws(
            () => acquireLock(folder, "s"),
            (error) => error instanceof LockedError && error.message.includes(`in process ${process.pid}.`),
        );
        lock.release();
        assert.equal(existsSync(file()), false);
        acquireLock(folder, "s").release();
    });

    for (const [title, before] of [
        ["nothing yet", ""],
        ["the number of an owner that was killed", String(2 ** 30)],
    ] as const) {
        it(`names the new owner, although its file has ${title} when the second run looks`, () => {
            const lock = acquireLock(folder, "s");
            writeFileSync(file(), before);
            let waits = 0;
            const wait = () => {
                waits += 1;
                writeFileSync(file(), waits < 3 ? before : String(process.pid));
            };
            assert.equal(readOwner(file(), wait), String(process.pid));
            assert.equal(waits, 3);
            // In another container no process here has the number.
            assert.equal(
                readOwner(writeNote(2 ** 30), () => undefined),
                String(2 ** 30),
            );
            lock.release();
        });
    }

    function writeNote(pid: number): string {
        writeFileSync(file(), String(pid));
        return file();
    }

    // After a restart of a container the numbers of processes begin anew, so the old number may be anybody's.
    for (const [title, pid] of [
        ["this process's own number", process.pid],
        ["the number of a process that has nothing to do with it", 1],
        ["the number of its parent", process.ppid],
        ["a number that no process has", 2 ** 30],
    ] as const) {
        it(`is free although its file has ${title}`, () => {
            writeFileSync(file(), String(pid));
            const lock = acquireLock(folder, "s");
            assert.equal(lock.takenOverFrom, pid);
            lock.release();
        });
    }

    for (const text of ["", "\n", "no number", "-5", "{}"]) {
        it(`is free although its file has ${JSON.stringify(text)}`, () => {
            writeFileSync(file(), text);
            const lock = acquireLock(folder, "s");
            assert.equal(lock.takenOverFrom, undefined);
            lock.release();
        });
    }

    it("ends with a process that is killed", async () => {
        const child = await startContender();
        assert.equal(await ask(child, folder), "won");
        assert.throws(() => acquireLock(folder, "s"), new RegExp(`process ${child.pid}`));
        child.kill("SIGKILL");
        await once(child, "exit");
        const lock = acquireLock(folder, "s");
        assert.equal(lock.takenOverFrom, child.pid);
        lock.release();
    });

    it(`goes to exactly one of ${atOnce} that find a dead run's file at once, ${rounds} times`, async () => {
        const children = await Promise.all(Array.from({ length: atOnce }, startContender));
        try {
            for (let round = 0; round < rounds; round += 1) {
                const place = join(folder, String(round));
                acquireLock(place, "s").release();
                writeFileSync(join(place, "lock"), String(2 ** 30));
                const answers = await Promise.all(children.map((child) => ask(child, place)));
                const refused = Array.from({ length: atOnce - 1 }, () => "refused");
                assert.deepEqual(answers.sort(), [...refused, "won"], `round ${round}`);
            }
        } finally {
            for (const child of children) {
                child.kill();
            }
            await Promise.all(children.map((child) => once(child, "exit")));
        }
    });

    it("is lost with its file, and its release leaves another one's lock alone", () => {
        const first = acquireLock(folder, "s");
        rmSync(file());
        assert.equal(first.isHeld(), false);
        const second = acquireLock(folder, "s");
        first.release();
        assert.equal(second.isHeld(), true);
        second.release();
    });
});
