import assert from "node:assert/strict";
import { hubFaults } from "../../cli/localHubs";
import type { Properties } from "../../local/engine/values";
import { createBench, signalRChat, socketIOChat, webPubSubChat } from "../support/chatStack";

describe("the hubs of a stack on this machine", function () {
    this.timeout(60_000);
    const kinds = [
        {
            kind: socketIOChat,
            setting: "WebPubSubForSocketIOHub",
            fault: /listens to hub elsewhere.*settings for hub: /,
        },
        { kind: webPubSubChat, setting: "WebPubSubHub", fault: /listens to hub elsewhere.*settings for chat: / },
    ];
    const start = async (
        kind: (typeof kinds)[number]["kind"] | typeof signalRChat,
        settings: Record<string, string>,
    ) => {
        const bench = createBench<{ close(): void }, never>(kind as never);
        const change = (inputs: Properties) => ({
            ...inputs,
            properties: { ...(inputs.properties as Properties), ...settings },
        });
        const { running } = await bench.start({ cut: { type: "web:WebAppApplicationSettings", change } });
        return { running, close: () => bench.close() };
    };

    for (const { kind, setting, fault } of kinds) {
        it(`are compared with the code's, for the stack ${kind.stack}`, async () => {
            const { running, close } = await start(kind, { [setting]: "elsewhere" });
            try {
                const faults = await hubFaults(running);
                assert.equal(faults.length, 1, faults.join("\n"));
                assert.match(faults[0] ?? "", fault);
            } finally {
                await close();
            }
        });
    }

    for (const kind of [socketIOChat, webPubSubChat, signalRChat]) {
        it(`say nothing of the stack ${kind.stack} as it is`, async () => {
            const { running, close } = await start(kind, {});
            try {
                assert.deepEqual(await hubFaults(running), []);
            } finally {
                await close();
            }
        });
    }

    it("say nothing where no app of this machine serves the backend", async () => {
        const { running, close } = await start(webPubSubChat, { WebPubSubHub: "elsewhere" });
        try {
            assert.deepEqual(await hubFaults({ ...running, apps: () => [] }), []);
        } finally {
            await close();
        }
    });
});
