import assert from "node:assert/strict";
import { fork } from "node:child_process";
import { once } from "node:events";
import {
    existsSync,
    mkdirSync,
    mkdtempSync,
    readdirSync,
    rmSync,
    symlinkSync,
    utimesSync,
    writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { sweep } from "../../../emulator/core/temporaryFolder";

/** Makes a temporary folder with a file, and tells where. Ends when it is told so. */
const owner = `
require(${JSON.stringify(require.resolve("../../support/typescript"))});
const { makeTemporaryFolder } = require(${JSON.stringify(resolve(__dirname, "../../../emulator/core/temporaryFolder"))});
const folder = makeTemporaryFolder("app/..//name");
require("node:fs").writeFileSync(folder + "/file", "");
process.on("message", () => process.exit());
process.send(folder);`;

describe("temporary folders", () => {
    let place: string;
    beforeEach(() => {
        place = mkdtempSync(join(tmpdir(), "temporary-test-"));
    });
    afterEach(() => rmSync(place, { recursive: true, force: true }));

    async function startOwner() {
        const script = join(place, "owner.js");
        writeFileSync(script, owner);
        const root = resolve(__dirname, "../../..");
        const child = fork(script, [], {
            cwd: root,
            execArgv: [],
            env: { ...process.env, TMPDIR: place, TEMP: place },
        });
        const [folder] = await once(child, "message");
        return { child, folder: String(folder) };
    }
    // ts-node keeps a cache of its own there.
    const left = () => readdirSync(place).filter((name) => !/^owner\.js$|cache/.test(name));

    it("are removed when their process ends", async () => {
        const { child, folder } = await startOwner();
        assert.match(folder, /azure-realtime-run-\w+.appname-1$/);
        child.send("end");
        await once(child, "exit");
        assert.deepEqual(left(), []);
    });

    it("of a killed process are removed by the next one, and those of a living one are not", async () => {
        const killed = await startOwner();
        killed.child.kill("SIGKILL");
        await once(killed.child, "exit");
        assert.equal(existsSync(join(killed.folder, "file")), true);
        const living = await startOwner();
        assert.equal(existsSync(killed.folder), false);
        sweep(place);
        assert.equal(existsSync(join(living.folder, "file")), true);
        living.child.send("end");
        await once(living.child, "exit");
        assert.deepEqual(left(), []);
    });

    it("are left alone when they are not known to be dead ones of this program", () => {
        const elsewhere = join(place, "elsewhere");
        for (const folder of [
            elsewhere,
            join(place, "azure-realtime-run-new"),
            join(place, "azure-realtime-run-old"),
        ]) {
            mkdirSync(folder);
        }
        writeFileSync(join(elsewhere, "lock"), "1");
        symlinkSync(elsewhere, join(place, "azure-realtime-run-link"));
        writeFileSync(join(place, "azure-realtime-run-file"), "");
        utimesSync(join(place, "azure-realtime-run-old"), 1, 1);
        sweep(place);
        assert.deepEqual(left().sort(), [
            "azure-realtime-run-file",
            "azure-realtime-run-link",
            "azure-realtime-run-new",
            "elsewhere",
        ]);
        assert.deepEqual(readdirSync(elsewhere), ["lock"]);
    });
});
