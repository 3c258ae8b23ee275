import assert from "node:assert/strict";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { globSync } from "tinyglobby";
import { WebSocket } from "ws";
import { type RunningStack, runStack } from "../../local/run";
import { type Consumer, createConsumer, type Packed, packRepository } from "../support/consumer";
import { buildApp, repositoryRoot } from "../support/registeredFunctions";

const example = join(repositoryRoot, "examples/regions");
const files = Object.fromEntries(
    globSync(["*.ts", "*.yaml", "package.json"], { cwd: example }).map((path) => [
        path,
        readFileSync(join(example, path), "utf8"),
    ]),
);

describe("the example with an app in each of two regions", function () {
    this.timeout(300_000);
    let packed: Packed;
    let consumer: Consumer;
    const options = () => ({
        projectDir: consumer.folder,
        folder: join(consumer.folder, ".azure-realtime/local"),
        stack: "local",
        config: { "realtime-regions:functions": buildApp("webpubsub-chat") },
    });

    before(async () => {
        packed = await packRepository();
        consumer = createConsumer({ packed, tools: ["typescript", "ts-node", "@types/node"], files });
    });
    after(() => {
        packed?.remove();
        consumer?.remove();
    });

    it("has a Front Door before both apps, which the events and the clients go through", async () => {
        const { steps, close } = await runStack({
            ...options(),
            preview: true,
            config: { ...options().config, "realtime-regions:frontDoor": "true" },
        });
        await close();
        const count = (type: string) => steps.filter((step) => step.type === `azure-native:${type}`).length;
        assert.deepEqual(
            ["cdn:Profile", "cdn:AFDEndpoint", "cdn:AFDOriginGroup", "cdn:AFDOrigin", "cdn:Route"].map(count),
            [1, 1, 1, 2, 1],
        );
        assert.deepEqual(
            ["webpubsub:WebPubSub", "webpubsub:WebPubSubReplica", "web:WebApp", "keyvault:Vault"].map(count),
            [1, 1, 2, 2],
        );
    });

    describe("in the local Azure", () => {
        let running: RunningStack;
        before(async () => {
            running = await runStack(options());
        });
        after(() => running?.close());

        it("gives a client of each app a token for the one service, which lets the client in", async () => {
            for (const host of running.outputs.appHostNames as string[]) {
                const { url } = (await (await fetch(`http://${host}/api/negotiate?userId=ann`)).json()) as {
                    url: string;
                };
                const socket = new WebSocket(url.replace(/^wss:/, "ws:"), "json.webpubsub.azure.v1");
                try {
                    const [message] = await once(socket, "message");
                    assert.equal((JSON.parse(String(message)) as { event: string }).event, "connected");
                } finally {
                    socket.terminate();
                }
            }
        });

        it("opens the webhook of each app with the same key, and with no other", async () => {
            const key = running.resources.find(({ name }) => name === "events")?.outputs.result;
            for (const host of running.outputs.appHostNames as string[]) {
                for (const [code, status] of [
                    [key, 200],
                    [`${key}x`, 401],
                ]) {
                    const answer = await fetch(`http://${host}/runtime/webhooks/webpubsub?code=${code}`, {
                        method: "OPTIONS",
                        headers: { "webhook-request-origin": new URL(String(running.outputs.endpoint)).hostname },
                    });
                    assert.equal(answer.status, status);
                }
            }
        });

        it("is unchanged at the next update", async () => {
            const { steps } = await running.update();
            assert.deepEqual(
                steps.filter(({ operation }) => operation !== "unchanged"),
                [],
            );
        });
    });
});
