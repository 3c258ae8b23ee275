import assert from "node:assert/strict";
import { appendFileSync, cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runCheck } from "../../local/check";
import type { InboxOptions, Seen } from "../../local/check/inbox";
import { type RunningStack, runStack, type UpdateResult } from "../../local/run";
import type { ChatKind } from "./chatStack";
import { startProgramHere } from "./programHere";
import { repositoryRoot } from "./registeredFunctions";

export interface ChatSuite<C extends { close(): void }, O extends InboxOptions & { negotiateUrl: string }> {
    /** The stack's configuration `backend`. */
    backend: string;
    kind: ChatKind<C, O>;
    /** Configuration for every run. */
    config?: Record<string, string>;
    /** The resource that holds the key's address, without the stack's name. */
    keyHolder: string;
    /** Something that needs the app's code. */
    ask(client: C): Promise<unknown>;
    /** What a client sees when its connection is lost. */
    lost: string;
    /** Ways to configure the stack that must work as well. */
    choices: Record<string, string>[];
}

function changes(result: UpdateResult): string[] {
    return result.steps
        .filter((step) => step.custom && step.operation !== "unchanged")
        .map(({ operation, name }) => `${operation} ${name}`);
}

/** One chat from its first start to every way of configuring it, with real clients. */
export function describeChat<C extends { close(): void }, O extends InboxOptions & { negotiateUrl: string }>(
    suite: ChatSuite<C, O>,
): void {
    describe(`the chat on ${suite.backend} on the local Azure`, function () {
        this.timeout(90_000);
        let folder: string;
        let codePath: string;
        let stack: RunningStack | undefined;

        async function start(config: Record<string, string> = {}): Promise<RunningStack> {
            // The first start is the one of `npm start`; the program is the same in the later ones.
            const here = stack !== undefined && { startProgram: startProgramHere };
            await stack?.close();
            stack = await runStack({
                projectDir: repositoryRoot,
                stack: "test",
                folder: join(folder, "state"),
                config: { "azure-realtime:backend": suite.backend, ...suite.config, ...config },
                ...here,
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

        it("lets clients through every binding, and is unchanged in a second run", async () => {
            await check(await start());
            const again = await start();
            assert.deepEqual(changes(again), []);
            await check(again);
        });

        it("rotates the key by one input: the secret and its address change, and nothing else", async () => {
            const rotated = await start({ "azure-realtime:keyRotation": "2" });
            assert.deepEqual(changes(rotated), [
                "replaced chat-test-keys-extension-key",
                "updated chat-test-keys-extension",
                `updated chat-test-${suite.keyHolder}`,
            ]);
            await check(rotated);
        });

        it("redeploys edited code alone, and clients stay connected", async () => {
            // Built by the first test; a folder outside functions/ is deployed as it is.
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
                    "updated chat-test-code",
                ]);
                await suite.ask(client);
                assert.equal(seen.includes(suite.lost), false);
            } finally {
                client.close();
            }
        });

        for (const choice of suite.choices) {
            it(`works with ${JSON.stringify(choice)}, changing a running stack to it`, async () =>
                check(await start(choice)));
        }
    });
}
