import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { InspectEvent } from "../../emulator/core/inspect";
import { runCheck } from "../../local/check";
import { runStack } from "../../local/run";
import { attributesOf, groupsOf, openOtlpReceiver, requireConventional } from "../support/otlp";
import { startProgramHere } from "../support/programHere";
import { repositoryRoot } from "../support/registeredFunctions";
import { requireNoSecrets } from "../support/secrets";

describe("everything that the inspector records of a chat", function () {
    this.timeout(120_000);

    for (const [backend, config] of [
        ["socketio", {}],
        ["webpubsub", {}],
        ["signalr", {}],
        ["signalr", { "azure-realtime:connectionAuth": "AccessKey" }],
    ] as const) {
        it(`holds no key and no token of the run: ${backend} ${JSON.stringify(config)}`, async () => {
            const folder = mkdtempSync(join(tmpdir(), "inspector-secrets-"));
            const receiver = await openOtlpReceiver();
            const stack = await runStack({
                projectDir: repositoryRoot,
                stack: "test",
                folder: join(folder, "state"),
                config: { "azure-realtime:backend": backend, ...config },
                startProgram: startProgramHere,
                inspector: { record: true, otlp: receiver.url },
            });
            try {
                const printed: string[] = [];
                const passed = await runCheck({ outputs: stack.outputs, print: (line) => void printed.push(line) });
                assert.ok(passed, printed.join("\n"));
                const { origin, searchParams } = new URL(String(stack.emulator?.inspector?.url));
                const headers = { authorization: `Bearer ${searchParams.get("token")}` };
                const read = async (path: string): Promise<string> =>
                    (await fetch(`${origin}${path}`, { headers })).text();
                const recorded = await read("/api/export");
                const { events } = JSON.parse(recorded) as { events: InspectEvent[] };
                const kinds = new Set(events.map(({ kind }) => kind));
                for (const kind of [
                    "clientEvent",
                    "upstream",
                    "function",
                    "answer",
                    "rest",
                    "broadcast",
                    "negotiate",
                ]) {
                    assert.ok(kinds.has(kind as InspectEvent["kind"]), `no ${kind} among ${[...kinds].join(", ")}`);
                }
                requireNoSecrets({ folder: join(folder, "state"), output: recorded });
                assert.doesNotMatch(recorded, /sha256=[\da-f]{8}/);
                requireNoSecrets({ folder: join(folder, "state"), output: await read("/api/state") });
                // The last part is sent at the end.
                await stack.close();
                requireNoSecrets({ folder: join(folder, "state"), output: JSON.stringify(receiver.bodies) });
                const triggers = new Set<unknown>();
                for (const { signal, body } of receiver.bodies) {
                    requireConventional(signal, body);
                    for (const { items } of signal === "traces" ? groupsOf(signal, body) : []) {
                        for (const item of items) {
                            triggers.add(attributesOf(item)["faas.trigger"]);
                        }
                    }
                }
                assert.ok(triggers.has("http") && triggers.has("pubsub"), [...triggers].join(", "));
            } finally {
                await stack.close();
                receiver.close();
                rmSync(folder, { recursive: true, force: true });
            }
        });
    }
});
