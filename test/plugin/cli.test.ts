import assert from "node:assert/strict";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { runCheck } from "../../local/check";
import type { Properties } from "../../local/engine/values";
import { gone } from "../support/pluginProcess";
import { createCli, hasCli } from "../support/pulumiCli";

const portTaken = /Since the local Azure started again: .* changed, because the port was taken\./;

// npm does not install the CLI. Where it is missing, plugin.test.ts still makes the same calls without it.
(hasCli ? describe : describe.skip)("the Pulumi CLI on the local Azure (needs pulumi on PATH)", function () {
    this.timeout(120_000);
    const cli = createCli(`test-${process.pid}`);
    let outputs: Properties;

    before(async () => {
        await cli.call("stack", "init");
        await cli.call("config", "set", "heartbeatSchedule", "*/1 * * * * *");
    });
    after(async () => {
        await cli.call("destroy", "--yes", "--skip-preview").finally(cli.remove);
    });

    it("previews every resource before anything exists", async () => {
        const { changeSummary } = JSON.parse(await cli.call("preview", "--json")) as { changeSummary: Properties };
        assert.deepEqual(Object.keys(changeSummary), ["create"]);
        assert.ok(Number(changeSummary.create) > 30);
    });

    it("creates a chat that works with every binding", async () => {
        await cli.call("up", "--yes", "--skip-preview");
        outputs = JSON.parse(await cli.call("stack", "output", "--json")) as Properties;
        const lines: string[] = [];
        const passed = await runCheck({ outputs, print: (line) => void lines.push(line) });
        assert.ok(passed, lines.join("\n"));
    });

    it("keeps secrets out of the CLI's state", async () => {
        const state = await cli.call("stack", "export");
        const shown = await cli.call("stack", "export", "--show-secrets");
        const keys = [...shown.matchAll(/"result": \{[^}]*"plaintext": "\\"([^"\\]+)\\""/g)].map(([, key]) => key!);
        assert.equal(keys.length, 3, "three host keys");
        for (const key of keys) {
            assert.ok(!state.includes(key));
        }
        assert.equal(outputs.localSettings, "[secret]");
        assert.match(state, /"ciphertext"/);
    });

    it("finds nothing to change in a second update and a refresh", async () => {
        await cli.call("up", "--yes", "--skip-preview", "--expect-no-changes");
        await cli.call("refresh", "--yes", "--skip-preview", "--expect-no-changes");
    });

    it("changes the key, its secret and the hub in a rotation, and nothing else", async () => {
        await cli.call("config", "set", "keyRotation", "2");
        await cli.call("up", "--yes", "--skip-preview");
        const { same, ...changes } = await cli.lastChanges();
        assert.deepEqual(changes, { replace: 1, update: 2 });
        assert.ok(Number(same) > 30);
        assert.ok(await runCheck({ outputs, print() {} }), "the chat keeps working");
    });

    async function stopServer(): Promise<void> {
        const pid = Number(readFileSync(join(cli.folder, "lock"), "utf8"));
        process.kill(pid);
        await gone(pid);
    }

    it("reopens every resource after the server was stopped", async () => {
        await stopServer();
        const told = await cli.call("up", "--yes", "--skip-preview");
        const { same, ...changes } = await cli.lastChanges();
        // While the server is away, any process of the machine may get one of its ports.
        if (!portTaken.test(told)) {
            assert.deepEqual(changes, {}, told);
            assert.ok(await runCheck({ outputs, print() {} }), "the chat is back at the same addresses");
        }
        assert.ok(Number(same) > 30);
        outputs = JSON.parse(await cli.call("stack", "output", "--json")) as Properties;
    });

    it("moves to another port when the app's is taken, and says so", async () => {
        const port = Number(new URL(String(outputs.negotiateUrl)).port);
        await stopServer();
        const holder = createServer().listen(port, "127.0.0.1");
        try {
            await once(holder, "listening");
            assert.match(await cli.call("up", "--yes", "--skip-preview"), portTaken);
            const { same, update, ...changes } = await cli.lastChanges();
            assert.deepEqual(changes, {}, "nothing is replaced");
            assert.ok(Number(update) > 0 && Number(same) > 20);
            outputs = JSON.parse(await cli.call("stack", "output", "--json")) as Properties;
            assert.notEqual(Number(new URL(String(outputs.negotiateUrl)).port), port);
            assert.ok(await runCheck({ outputs, print() {} }), "the chat works at its new address");
            await cli.call("up", "--yes", "--skip-preview", "--expect-no-changes");
        } finally {
            holder.close();
        }
    });

    it("leaves no process behind when it destroys the stack", async () => {
        const pid = Number(readFileSync(join(cli.folder, "lock"), "utf8"));
        await cli.call("destroy", "--yes", "--skip-preview");
        await gone(pid);
    });
});
