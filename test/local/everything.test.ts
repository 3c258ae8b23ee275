import assert from "node:assert/strict";
import type { UpdateResult } from "../../local/run";
import { codePaths } from "../support/backend";
import { createFakeEmulator } from "../support/fakeEmulator";
import { createWorkbench, operations } from "../support/local";
import { startProgramHere } from "../support/programHere";

const changes = (result: UpdateResult) =>
    Object.fromEntries(Object.entries(operations(result)).filter(([, operation]) => operation !== "unchanged"));

describe("a backend with all options at once on the local Azure", function () {
    this.timeout(60_000);

    const variants = [
        { title: "with a private app", network: { app: "Private", clients: "Public" }, locked: 4 },
        { title: "with a staging slot", network: { app: "Public", clients: "Private" }, locked: 5 },
    ];
    for (const { kind, title, network, locked } of (["socketio", "webpubsub", "signalr"] as const).flatMap((kind) =>
        variants.map((variant) => ({ kind, ...variant })),
    )) {
        it(`is taken by the checks, changes nothing in a second run, and leaves nothing behind: ${kind} ${title}`, async () => {
            const bench = createWorkbench({
                program: "everything.ts",
                startEmulator: async () => createFakeEmulator(),
                startProgram: startProgramHere,
            });
            const config = {
                "fixture:kind": kind,
                "fixture:codePath": codePaths[kind],
                "fixture:network": JSON.stringify(network),
            };
            try {
                const preview = await bench.once({ config, preview: true });
                const first = await bench.once({ config });
                assert.deepEqual(new Set(Object.values(operations(first))), new Set(["created"]));
                assert.deepEqual(Object.keys(operations(preview)).sort(), Object.keys(operations(first)).sort());
                assert.deepEqual(changes(await bench.once({ config })), {});
                const last = await bench.once({ config: {} });
                assert.deepEqual(new Set(Object.values(operations(last))), new Set(["deleted"]));
                assert.equal(Object.keys(operations(last)).length, Object.keys(operations(first)).length);
                assert.deepEqual(
                    last.resources.filter(({ type }) => type.startsWith("azure-native:")),
                    [],
                );
                const order = Object.keys(operations(last));
                const locks = order.filter((name) => name.endsWith("-lock"));
                assert.equal(locks.length, locked);
                assert.deepEqual(new Set(order.slice(0, locks.length)), new Set(locks));
            } finally {
                await bench.close();
            }
        });
    }
});
