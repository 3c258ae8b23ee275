import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { buildPackage } from "../support/build";
import { repositoryRoot as root } from "../support/registeredFunctions";

const run = promisify(execFile);
const file = "chat.test.mjs";
const runnerLine = 'import { after, before, it } from "node:test";\n';

describe("the example of an end-to-end test", function () {
    this.timeout(120_000);
    let folder: string;
    before(buildPackage);
    beforeEach(() => {
        // Inside the repository, where the program and the test find their packages.
        mkdirSync(join(root, ".azure-realtime/tests"), { recursive: true });
        folder = mkdtempSync(join(root, ".azure-realtime/tests/example-"));
        cpSync(join(root, "examples/testing"), folder, { recursive: true });
        mkdirSync(join(folder, "node_modules"));
        symlinkSync(root, join(folder, "node_modules/azure-realtime"), "junction");
        mkdirSync(join(folder, "temporary"));
    });
    afterEach(() => rmSync(folder, { recursive: true, force: true }));

    const edit = (name: string, from: string, to: string) => {
        const text = readFileSync(join(folder, name), "utf8");
        assert.ok(text.includes(from), `${name} has no ${from}`);
        writeFileSync(join(folder, name), text.replace(from, to));
    };
    /** Runs the test. A process that does not end by itself is killed, which fails the test here. */
    async function test(...args: string[]): Promise<{ code: unknown; stdout: string }> {
        const files = readdirSync(folder).sort();
        // Node's runner tells its children that they run below it.
        const { NODE_TEST_CONTEXT: _, ...env } = process.env;
        const options = { cwd: folder, env: { ...env, TMPDIR: join(folder, "temporary") }, timeout: 60_000 };
        const { code, signal, stdout } = await run(process.execPath, args, options).then(
            (ended) => ({ code: 0, signal: null, ...ended }),
            (error: { code: unknown; signal: unknown; stdout: string }) => error,
        );
        assert.equal(signal ?? null, null, `the runner did not end: ${stdout}`);
        assert.deepEqual(readdirSync(folder).sort(), files);
        assert.deepEqual(readdirSync(join(folder, "temporary")), []);
        return { code, stdout };
    }
    const node = () => test("--test", "--test-reporter=tap", file);

    it("passes under Node's runner, and leaves nothing behind", async () => {
        const { code, stdout } = await node();
        assert.equal(code, 0, stdout);
        assert.match(stdout, /^# pass 1$/m);
    });

    for (const [what, name, from, to] of [
        ["the test expects something else", file, '["hello"]', '["other"]'],
        ["the chat sends something else", "app/message/index.js", "request.parameters", '["other"]'],
        ["the program fails", "index.ts", "export const", 'throw new Error("broken");\nexport const'],
    ] as const) {
        it(`fails and ends under Node's runner when ${what}`, async () => {
            edit(name, from, to);
            const { code, stdout } = await node();
            assert.equal(code, 1, stdout);
            assert.match(stdout, /^# (fail|cancelled) 1$/m);
            assert.match(stdout, /other|broken/);
        });
    }

    it("passes under mocha without the line that imports Node's runner", async () => {
        edit(file, runnerLine, "");
        const mocha = join(root, "node_modules/mocha/bin/mocha.js");
        const { code, stdout } = await test(mocha, "--no-config", "--timeout", "60000", file);
        assert.equal(code, 0, stdout);
        assert.match(stdout, /1 passing/);
    });

    it("ends under mocha when the time of a hook is over before the local Azure has started", async () => {
        edit(file, runnerLine, "");
        const mocha = join(root, "node_modules/mocha/bin/mocha.js");
        const { code, stdout } = await test(mocha, "--no-config", "--timeout", "1", file);
        assert.notEqual(code, 0, stdout);
        assert.match(stdout, /"before all" hook.*Timeout of 1ms exceeded/s);
    });

    it("is as short as a test that somebody writes", () => {
        const lines = readFileSync(join(root, "examples/testing", file), "utf8").split("\n");
        const own = lines.filter((line) => line !== "" && !line.startsWith("import "));
        assert.ok(own.length <= 23, `${own.length} lines`);
    });
});
