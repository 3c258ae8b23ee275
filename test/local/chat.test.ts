import assert from "node:assert/strict";
import { appendFileSync, cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { runCheck } from "../../local/check";
import { openClient } from "../../local/check/client";
import { type RunningStack, runStack, type UpdateResult } from "../../local/run";

const ROOT = resolve(__dirname, "../..");

function changes(result: UpdateResult): string[] {
    return result.steps
        .filter((step) => step.custom && step.operation !== "unchanged")
        .map(({ operation, name }) => `${operation} ${name}`);
}

describe("the chat on the local Azure", function () {
    this.timeout(90_000);
    let folder: string;
    let codePath: string;
    let stack: RunningStack | undefined;

    async function start(config: Record<string, string> = {}): Promise<RunningStack> {
        await stack?.close();
        stack = await runStack({
            projectDir: ROOT,
            stack: "test",
            folder: join(folder, "state"),
            config: { "azure-realtime:heartbeatSchedule": "*/2 * * * * *", ...config },
        });
        return stack;
    }

    async function check({ outputs }: RunningStack): Promise<void> {
        const lines: string[] = [];
        const passed = await runCheck({ outputs, print: (line) => lines.push(line) });
        assert(passed, lines.join("\n"));
    }

    before(() => {
        folder = mkdtempSync(join(tmpdir(), "local-chat-"));
        codePath = join(folder, "code");
    });
    after(async () => {
        await stack?.close();
        rmSync(folder, { recursive: true, force: true });
    });

    it("lets two clients through every binding, and is unchanged in a second run", async () => {
        await check(await start());
        const again = await start();
        assert.deepEqual(changes(again), []);
        await check(again);
    });

    it("rotates the key by one input: the secret and the hub change, and nothing else", async () => {
        const rotated = await start({ "azure-realtime:keyRotation": "2" });
        assert.deepEqual(changes(rotated), [
            "replaced chat-test-keys-extension-key",
            "updated chat-test-keys-extension",
            "updated chat-test-hub",
        ]);
        await check(rotated);
    });

    it("redeploys edited code alone, and clients stay connected", async () => {
        // Built by the first test; a folder outside functions/ is deployed as it is.
        cpSync(join(ROOT, "functions/socket-io-chat"), codePath, { recursive: true });
        const config = { "azure-realtime:codePath": codePath, "azure-realtime:keyRotation": "2" };
        const running = await start(config);
        const events: string[] = [];
        const client = await openClient({
            name: "ann",
            negotiateUrl: String(running.outputs.negotiateUrl),
            milliseconds: 15_000,
            onSeen: ({ event }) => events.push(event),
        });
        try {
            await client.next("welcome");
            appendFileSync(join(codePath, "dist/index.js"), "\n// edited\n");
            assert.deepEqual(changes(await running.update()), [
                "replaced chat-test-code-package",
                "updated chat-test-code",
            ]);
            await client.ask("message", "still here");
            assert.equal(events.includes("disconnect"), false);
        } finally {
            client.close();
        }
    });

    for (const config of [
        { "azure-realtime:keySource": "HostKey" },
        { "azure-realtime:keySource": "Discovered" },
        { "azure-realtime:connectionAuth": "AccessKey" },
        { "azure-realtime:plan": "EP1" },
    ] as Record<string, string>[]) {
        it(`works with ${JSON.stringify(config)}, changing a running stack to it`, async () =>
            check(await start(config)));
    }
});
