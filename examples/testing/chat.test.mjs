import assert from "node:assert/strict";
import { once } from "node:events";
import { after, before, it } from "node:test";
import { startLocalAzure } from "azure-realtime/testing";
import { io } from "socket.io-client";

let azure;
const clients = [];
before(async () => {
    azure = startLocalAzure({ project: import.meta.dirname });
    await azure;
});
after(() => Promise.allSettled([...clients, azure].map(async (opened) => (await opened).close())));

const next = (client, event) => once(client, event, { signal: AbortSignal.timeout(10_000) });
async function join() {
    const { endpoint, path, token } = await (await fetch((await azure).backends.chat.negotiateUrl)).json();
    const client = io(endpoint, { path, query: { access_token: token } });
    clients.push(client);
    await next(client, "connect");
    return client;
}

it("brings a message to everybody", async () => {
    const [ann, bob] = [await join(), await join()];
    const heard = next(bob, "message");
    ann.emit("message", "hello");
    assert.deepEqual(await heard, ["hello"]);
});
