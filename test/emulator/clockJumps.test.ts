import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { posix } from "node:path";
import { PassThrough } from "node:stream";
import { globSync } from "tinyglobby";
import { Agent } from "undici";
import { createRefusalLog } from "../../emulator/core/service/boundedLog";
import { createSlowSockets } from "../../emulator/core/service/slowSockets";
import { createValidator } from "../../emulator/core/upstream/handshake";
import { createUpstream } from "../../emulator/core/upstream/upstream";
import { createUrlResolver } from "../../emulator/core/upstream/urlTemplate";
import { createTokenSource } from "../../emulator/functions/host/identity";
import { createSettings } from "../../emulator/functions/host/settings";
import { openIdentity } from "../../emulator/identity";
import { roles } from "../../emulator/identity/roles";
import type { Connection } from "../../emulator/signalr/connection";
import { createHeartbeat } from "../../emulator/signalr/heartbeat";
import { FakeClock } from "../support/clock";
import { allowAll, startEventHandler } from "../support/eventHandlerServer";
import { repositoryRoot } from "../support/registeredFunctions";

const hour = 3_600_000;
const jumps = [-48 * hour, -hour, -1000, 1000, hour, 400 * 24 * hour];

/** Somebody sets the clock of the machine while the emulator runs. Nothing waits longer or shorter for that. */
describe("a clock that is set", () => {
    for (const jump of jumps) {
        describe(`by ${jump / 1000} s`, () => {
            it("cuts off no SignalR client that speaks, and finds the one that is silent", async () => {
                const clock = new FakeClock();
                const pinged: number[] = [];
                const silent: Connection[] = [];
                const connection = { lastReceived: clock.elapsed(), lastSent: clock.elapsed() } as Connection;
                const heartbeat = createHeartbeat({
                    clock,
                    connections: () => [connection].filter((one) => !silent.includes(one)),
                    clientTimeout: () => 30_000,
                    ping() {
                        connection.lastSent = clock.elapsed();
                        pinged.push(clock.elapsed());
                    },
                    onSilent: (one) => void silent.push(one),
                });
                heartbeat.start();
                await clock.advance(14_000);
                clock.set(jump);
                await clock.advance(2000);
                assert.deepEqual([pinged.length, silent.length], [1, 0]);
                await clock.advance(20_000);
                assert.deepEqual([pinged.length, silent.length], [1, 1]);
            });

            it("holds a slowed socket no longer than its delay", async () => {
                const clock = new FakeClock();
                const socket = new PassThrough();
                const slow = createSlowSockets({ clock, delay: () => 500, sockets: [socket] });
                slow.add(socket);
                socket.write("one");
                clock.set(jump);
                socket.write("two");
                await clock.advance(499);
                assert.equal(socket.read(), null);
                await clock.advance(2);
                assert.equal(String(socket.read()), "onetwo");
                socket.destroy();
            });

            it("says refusals again after 10 s", async () => {
                const clock = new FakeClock();
                const lines: string[] = [];
                const log = createRefusalLog({ clock, source: "s", log: ({ message }) => void lines.push(message) });
                const refuse = (count: number) => {
                    for (let index = 0; index < count; index++) {
                        log({ level: "warning", source: "s", message: "no" });
                    }
                };
                refuse(20);
                clock.set(jump);
                refuse(1);
                await clock.advance(10_000);
                assert.match(lines[20] ?? "", /^1 more client/);
                refuse(1);
                assert.equal(lines[21], "no");
            });

            it("asks a handler again that refused the handshake", async () => {
                const clock = new FakeClock();
                const dispatcher = new Agent();
                const handler = await startEventHandler();
                try {
                    handler.respond = () => ({ status: 400 });
                    const validate = createValidator({ clock, dispatcher, origin: "o" });
                    assert.match((await validate(handler.url)) ?? "", /400/);
                    clock.set(jump);
                    handler.respond = () => allowAll;
                    await clock.advance(1000);
                    await validate(handler.url);
                    await clock.waitFor(() => handler.requests.length === 2, "the second handshake");
                } finally {
                    await dispatcher.destroy();
                    await handler.close();
                }
            });

            for (const roleDelayMilliseconds of [0, 60_000]) {
                it(`lets a role with a delay of ${roleDelayMilliseconds} ms act after it, and not before`, async () => {
                    const clock = new FakeClock();
                    const identity = await openIdentity({ clock, roleDelayMilliseconds });
                    const scope = "/subscriptions/s";
                    const check = { principalId: "p", anyRole: ["keyVaultSecretsUser"], scope } as const;
                    try {
                        identity.addPrincipal({ principalId: "p", clientId: "c", resourceId: "/r" });
                        identity.assignRole({
                            id: "a",
                            principalId: "p",
                            roleId: roles.keyVaultSecretsUser,
                            scope,
                        });
                        clock.set(jump);
                        if (roleDelayMilliseconds > 0) {
                            assert.throws(() => identity.requireRole(check), /it acts in 60 s/);
                        }
                        await clock.advance(roleDelayMilliseconds);
                        identity.requireRole(check);
                    } finally {
                        await identity.close();
                    }
                });
            }
        });
    }

    it("makes what was learned in its future be learned again: secrets, and tokens of services and apps", async () => {
        const clock = new FakeClock();
        let reads = 0;
        const resolve = createUrlResolver({
            clock,
            principalId: () => "p",
            references: { resolve: () => `secret${++reads}` },
        });
        const urlNow = () =>
            resolve("http://a/?code={@Microsoft.KeyVault(SecretUri=https://v/secrets/s)}", { hub: "h", event: "e" })
                .call;
        let issued = 0;
        const source = createTokenSource({
            settings: createSettings({ IDENTITY_ENDPOINT: "http://localhost/msi", IDENTITY_HEADER: "h" }),
            now: () => clock.now(),
            fetch: async () =>
                Response.json({ access_token: `token${++issued}`, expires_on: clock.now() / 1000 + 24 * 3600 }),
        });
        const seen = async () => [urlNow(), await source({ resource: "r" })];
        assert.deepEqual(await seen(), ["http://a/?code=secret1", "token1"]);
        assert.deepEqual(await seen(), ["http://a/?code=secret1", "token1"]);
        clock.set(-hour);
        assert.deepEqual(await seen(), ["http://a/?code=secret2", "token2"]);
        clock.set(25 * hour);
        assert.deepEqual(await seen(), ["http://a/?code=secret3", "token3"]);
    });

    it("lets a service sign in with a token that is valid now", async () => {
        const clock = new FakeClock();
        const dispatcher = new Agent();
        const handler = await startEventHandler();
        let issued = 0;
        try {
            const upstream = createUpstream({
                clock,
                dispatcher,
                identity: { issueToken: async () => `token${++issued}` } as never,
                validate: async () => undefined,
                resolveUrl: () => ({ call: handler.url, validate: handler.url }),
                principalId: () => "p",
            });
            const call = () =>
                upstream({
                    handler: {
                        urlTemplate: handler.url,
                        auth: { type: "ManagedIdentity", managedIdentity: { resource: "r" } },
                    },
                    hub: "h",
                    event: "e",
                    session: {},
                    headers: {},
                    body: "",
                });
            for (const jump of [0, 0, -hour, hour]) {
                clock.set(jump);
                await call();
            }
            assert.deepEqual(
                handler.requests.map(({ headers }) => headers.authorization),
                ["Bearer token1", "Bearer token1", "Bearer token2", "Bearer token3"],
            );
        } finally {
            await dispatcher.destroy();
            await handler.close();
        }
    });
});

/** Files that calculate with the time of day, because they compare it with a time that is written down or signed. */
const timeOfDay = new Map([
    ["emulator/vault/deletedVaults.ts", "how long a name is held, which outlives the process"],
    ["emulator/webpubsub/hub.ts", "when a token expires"],
    ["emulator/inspect/page/connections.ts", "a page has the times of another process"],
    ["emulator/functions/host/extensions/timer/index.ts", "schedules are in the time of day"],
    ["emulator/core/temporaryFolder.ts", "when a file was changed"],
    ["components/functionCode/zip.ts", "when a file was changed"],
    ["local/plugin/engineWatch.ts", "gRPC takes a time of day"],
]);

describe("durations and waits", () => {
    it("are measured with a time that nobody sets", () => {
        const now = /\b(Date|[cC]lock)\.now\(\)/.source;
        const calculates = new RegExp(`${now} *([-+<]|>=?)|([-+]|<=?|(?<!=)>=?) *[\\w.#]*${now}`);
        const paths = globSync("{emulator,local,cli,components}/**/*.ts", { cwd: repositoryRoot });
        const found = paths.filter((path) => calculates.test(readFileSync(posix.join(repositoryRoot, path), "utf8")));
        assert.deepEqual(found.sort(), [...timeOfDay.keys()].sort());
    });
});
