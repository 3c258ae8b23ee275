import assert from "node:assert/strict";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { WebSocket } from "ws";
import { buildFixtureApp } from "../support/builtApp";
import { type ChatBench, type ChatStack, createBench, webPubSubChat } from "../support/chatStack";

type Client = Awaited<ReturnType<typeof webPubSubChat.open>>;
type Options = Parameters<typeof webPubSubChat.open>[0];

/** The address of the app, without a path. */
const originOf = (stack: ChatStack<Client, Options>) => new URL(String(stack.running.outputs.negotiateUrl)).origin;

async function ask(stack: ChatStack<Client, Options>, path: string): Promise<unknown> {
    const response = await fetch(`${originOf(stack)}/api/${path}`);
    const answer: unknown = await response.json();
    assert.equal(response.status, 200, JSON.stringify(answer));
    return answer;
}

/** Connects as a browser does, with what the app's binding hands out. */
async function browserSocket(
    stack: ChatStack<Client, Options>,
): Promise<{ socket: WebSocket; frame: Promise<string> }> {
    const { url } = (await ask(stack, "negotiate")) as { url: string };
    assert.match(url, /^ws:\/\/localhost:\d+\//);
    const socket = new WebSocket(url);
    const frame = once(socket, "message").then(([data]) => String(data));
    await once(socket, "open");
    return { socket, frame };
}

describe("an app whose code uses Azure's SDKs as on Azure", function () {
    this.timeout(60_000);
    let app: Awaited<ReturnType<typeof buildFixtureApp>>;

    before(async () => {
        app = await buildFixtureApp("sdks");
    });
    after(() => app.remove());

    describe("with an identity", () => {
        let bench: ChatBench<Client, Options>;
        let stack: ChatStack<Client, Options>;

        before(async () => {
            bench = createBench(webPubSubChat);
            stack = await bench.start({ config: { "azure-realtime:codePath": app.folder } });
        });
        after(() => bench.close());

        for (const credential of ["default", "managed"]) {
            it(`sends through Web PubSub (${credential} credential), and a browser receives it over ws`, async () => {
                const { socket, frame } = await browserSocket(stack);
                assert.equal(await ask(stack, `check/send/${credential}`), "sent");
                assert.equal(await frame, '{"hello":"all"}');
                socket.terminate();
            });

            it(`writes, lists and reads blobs (${credential} credential)`, async () => {
                assert.deepEqual(await ask(stack, `check/blob/${credential}`), [["greeting.txt"], "hello"]);
            });

            it(`writes and reads a secret, with the challenge's resource checked (${credential} credential)`, async () => {
                assert.equal(await ask(stack, `check/secret/${credential}`), "a value");
            });
        }

        it("gets a client's address of the service, which a client that trusts the authority opens over wss and ws", async () => {
            const url = String(await ask(stack, "check/token/default"));
            assert.match(url, /^wss:\/\/localhost:\d+\/client\/hubs\/chat\?access_token=/);
            const ca = readFileSync(join(bench.folder, "tls", "authority.pem"));
            for (const [address, options] of [
                [url, { ca }],
                [url.replace("wss:", "ws:"), {}],
            ] as const) {
                const socket = new WebSocket(address, options);
                await once(socket, "open");
                socket.terminate();
            }
        });

        it("reaches itself over https, and sees the scheme", async () => {
            assert.match(
                String(await (await fetch(`${originOf(stack)}/api/check/self/none`)).json()),
                /^https:\/\/localhost:\d+\/api\/url$/,
            );
        });
    });

    describe("with an access key", () => {
        let bench: ChatBench<Client, Options>;

        before(() => {
            bench = createBench(webPubSubChat);
        });
        after(() => bench.close());

        it("sends through Web PubSub with the connection string of the settings", async () => {
            const config = { "azure-realtime:codePath": app.folder, "azure-realtime:connectionAuth": "AccessKey" };
            const stack = await bench.start({ config });
            const { socket, frame } = await browserSocket(stack);
            assert.equal(await ask(stack, "check/sendWithKey/none"), "sent");
            assert.equal(await frame, '{"hello":"key"}');
            socket.terminate();
        });
    });
});
