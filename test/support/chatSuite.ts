import assert from "node:assert/strict";
import { appendFileSync, cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runCheck } from "../../local/check";
import type { InboxOptions, Seen } from "../../local/check/inbox";
import { type RunningStack, runStack, type UpdateResult } from "../../local/run";
import { outputLines } from "../../local/ui/outputs";
import { plainListener } from "../../local/ui/plain";
import type { ChatKind } from "./chatStack";
import { startProgramHere } from "./programHere";
import { repositoryRoot } from "./registeredFunctions";
import { requireNoSecrets } from "./secrets";

export interface ChatSuite<C extends { close(): void }, O extends InboxOptions & { negotiateUrl: string }> {
    /** The stack's configuration `backend`. */
    backend: string;
    kind: ChatKind<C, O>;
    /** Configuration for every run. */
    config?: Record<string, string>;
    /** Whether the app runs from the URL of its package. Defaults to false: Azure deploys the package to it. */
    runsFromUrl?: boolean;
    /** The resource that holds the key's address, without the stack's name. */
    keyHolder: string;
    /** Makes a request that only the app's code can answer. */
    ask(client: C): Promise<unknown>;
    /** The reason that a client reports for a lost connection. */
    lost: string;
    /** Other configurations with which the chat must work. */
    choices: Record<string, string>[];
}

function changes(result: UpdateResult): string[] {
    return result.steps
        .filter((step) => step.custom && step.operation !== "unchanged")
        .map(({ operation, name }) => `${operation} ${name}`);
}

/** Describes one chat with real clients, from its first start through all configurations. */
export function describeChat<C extends { close(): void }, O extends InboxOptions & { negotiateUrl: string }>(
    suite: ChatSuite<C, O>,
): void {
    describe(`the chat on ${suite.backend} on the local Azure`, function () {
        this.timeout(90_000);
        let folder: string;
        let codePath: string;
        let stack: RunningStack | undefined;
        const printed: string[] = [];
        const print = (line: string) => void printed.push(line);

        async function start(config: Record<string, string> = {}): Promise<RunningStack> {
            // The first start uses a separate process, as `npm start` does. Later ones run the same program in this process.
            const here = stack !== undefined && { startProgram: startProgramHere };
            await stack?.close();
            stack = await runStack({
                projectDir: repositoryRoot,
                stack: "test",
                folder: join(folder, "state"),
                config: { "azure-realtime:backend": suite.backend, ...suite.config, ...config },
                on: plainListener({ print }),
                ...here,
            });
            outputLines(stack).forEach(print);
            return stack;
        }

        async function check({ outputs }: RunningStack): Promise<void> {
            const from = printed.length;
            const passed = await runCheck({ outputs, print });
            assert(passed, printed.slice(from).join("\n"));
        }

        before(() => {
            folder = mkdtempSync(join(tmpdir(), "local-chat-"));
            codePath = join(folder, "code");
        });
        after(async () => {
            await stack?.close();
            rmSync(folder, { recursive: true, force: true });
        });

        it("serves clients through every binding, and a second run changes nothing", async () => {
            await check(await start());
            const again = await start();
            assert.deepEqual(changes(again), []);
            await check(again);
        });

        it("rotates the key with one input, which changes only the secret and the URL that contains it", async () => {
            const rotated = await start({ "azure-realtime:keyRotation": "2" });
            assert.deepEqual(changes(rotated), [
                "replaced chat-test-keys-extension-key",
                "updated chat-test-keys-extension",
                `updated chat-test-${suite.keyHolder}`,
            ]);
            await check(rotated);
        });

        it("redeploys only edited code, and clients stay connected", async () => {
            // The first test has built the app. A folder outside functions/ is deployed without another build.
            cpSync(join(repositoryRoot, `functions/${suite.backend}-chat`), codePath, { recursive: true });
            const config = { "azure-realtime:codePath": codePath, "azure-realtime:keyRotation": "2" };
            const running = await start(config);
            const seen: string[] = [];
            const client = await suite.kind.open({
                name: "ann",
                negotiateUrl: String(running.outputs.negotiateUrl),
                milliseconds: 15_000,
                onSeen: ({ event }: Seen) => seen.push(event),
            } as unknown as O);
            try {
                await suite.ask(client);
                appendFileSync(join(codePath, "dist/index.js"), "\n// edited\n");
                assert.deepEqual(changes(await running.update()), [
                    "replaced chat-test-code-package",
                    // An app that runs from its package's URL gets the new URL in its settings.
                    suite.runsFromUrl ? "updated chat-test-app-settings" : "updated chat-test-code",
                ]);
                await suite.ask(client);
                assert.equal(seen.includes(suite.lost), false);
            } finally {
                client.close();
            }
        });

        afterEach("prints no secret of the run", () =>
            requireNoSecrets({ folder: join(folder, "state"), output: printed.join("\n") }),
        );

        for (const choice of suite.choices) {
            it(`works with ${JSON.stringify(choice)}, changing a running stack to it`, async () =>
                check(await start(choice)));
        }
    });
}
