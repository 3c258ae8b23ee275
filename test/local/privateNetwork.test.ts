import assert from "node:assert/strict";
import type { UpdateResult } from "../../local/run";
import { codePaths } from "../support/backend";
import { createFakeEmulator } from "../support/fakeEmulator";
import { createWorkbench, operations } from "../support/local";
import { startProgramHere } from "../support/programHere";

const changes = (result: UpdateResult) =>
    Object.fromEntries(Object.entries(operations(result)).filter(([, operation]) => operation !== "unchanged"));

const orderOf = (result: UpdateResult) => result.steps.filter((step) => step.custom).map((step) => step.name);

/** Whether the steps come in this order. */
function assertOrder(result: UpdateResult, names: string[]): void {
    const order = orderOf(result);
    const places = names.map((name) => order.lastIndexOf(name));
    assert.ok(!places.includes(-1), `${names} in ${order}`);
    assert.deepEqual(
        places,
        [...places].sort((a, b) => a - b),
        `${names} in ${order}`,
    );
}

describe("a backend with a private network on the local Azure", function () {
    this.timeout(60_000);

    for (const { title, network, signalr } of [
        { title: "the default network", network: {}, signalr: false },
        { title: "a private app and private clients", network: { app: "Private", clients: "Private" }, signalr: false },
        { title: "SignalR and a private app", network: { app: "Private" }, signalr: true },
    ]) {
        it(`with ${title} is there after one update, and the next update is empty, also in a new process`, async () => {
            const bench = createWorkbench({
                program: "privateNetwork.ts",
                startEmulator: async () => createFakeEmulator(),
                startProgram: startProgramHere,
            });
            const config = {
                "fixture:network": JSON.stringify(network),
                "fixture:codePath": signalr ? codePaths.signalr : codePaths.webpubsub,
                "fixture:signalr": String(signalr),
            };
            try {
                const preview = await bench.once({ config, preview: true });
                const first = await bench.once({ config });
                assert.deepEqual(new Set(Object.values(operations(first))), new Set(["created"]));
                assert.deepEqual(orderOf(preview).sort(), orderOf(first).sort());
                assert.deepEqual(changes(await bench.once({ config })), {});
                const app = network.app === "Private" ? ["chat-app-link", "chat-app-link-approval"] : [];
                const vault = signalr ? [] : ["chat-vault-link", "chat-vault-link-approval"];
                assertOrder(first, ["chat-network", "chat-app-table", "chat-app", ...app, "chat-code"]);
                assertOrder(first, ["chat-keys-vault", "chat-app", "chat-app-settings"]);
                assertOrder(first, [...vault, ...app, ...(signalr ? [] : ["chat-hub"])]);
                assertOrder(first, [`chat-service-${signalr ? "signalr" : "webpubsub"}`, ...vault, ...app]);
            } finally {
                await bench.close();
            }
        });
    }
});
