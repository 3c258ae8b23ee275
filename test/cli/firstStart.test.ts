import assert from "node:assert/strict";
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const root = resolve(__dirname, "../..");
const rounds = 5;
const atOnce = 3;

/** A process that makes the authority and the access key of each folder that it is told, and answers with what it uses. */
const contender = `
    const { openAuthority } = require("./emulator/core/tls/authority");
    const { openEmulator } = require("./cli/emulator");
    process.on("message", async (folder) => {
        const { certificate, leaf } = await openAuthority({ folder: folder + "/tls", names: [], now: Date.now() });
        const running = await openEmulator({
            service: "webpubsub", port: 0, hubs: [], systemEvents: [], userEvents: "*", anonymous: false, folder, log: () => {},
        });
        process.send({ certificate, leaf, key: /AccessKey=([^;]+)/.exec(running.connectionString)[1] });
        await running.close();
    });
    process.send("ready");`;

interface Answer {
    certificate: string;
    leaf: { cert: string; key: string };
    key: string;
}

describe("a folder that several emulators open at once for the first time", function () {
    this.timeout(120_000);
    let folder: string;
    let children: ChildProcess[];
    before(async () => {
        folder = mkdtempSync(join(tmpdir(), "first-start-"));
        writeFileSync(join(folder, "contender.js"), contender.replaceAll('require("./', `require("${root}/`));
        children = Array.from({ length: atOnce }, () =>
            fork(join(folder, "contender.js"), [], {
                cwd: root,
                execArgv: ["-r", join(root, "test/support/typescript.js")],
            }),
        );
        await Promise.all(children.map((child) => once(child, "message")));
    });
    after(() => {
        for (const child of children) {
            child.kill("SIGKILL");
        }
        rmSync(folder, { recursive: true, force: true });
    });

    it(`gets one authority, one certificate and one key, which all of them use, ${rounds} times`, async () => {
        for (let round = 0; round < rounds; round++) {
            const place = join(folder, String(round));
            const answers = await Promise.all(
                children.map(async (child): Promise<Answer> => {
                    child.send(place);
                    const [answer] = await once(child, "message");
                    return answer as Answer;
                }),
            );
            const kept = (name: string) => readFileSync(join(place, name), "utf8");
            for (const { certificate, leaf, key } of answers) {
                assert.equal(certificate, kept("tls/authority.pem"), `round ${round}`);
                assert.deepEqual(leaf, { cert: kept("tls/localhost.pem"), key: kept("tls/localhost.key") });
                assert.equal(key, kept("access-key").trim());
            }
            assert.deepEqual(
                readdirSync(place, { recursive: true }).filter((name) => /lock|next/.test(String(name))),
                [],
            );
        }
    });
});
