import assert from "node:assert/strict";
import { join } from "node:path";
import { HttpTransportType, HubConnectionBuilder, LogLevel } from "@microsoft/signalr";
import { io } from "socket.io-client";
import { WebSocket } from "ws";
import type { FunctionApp } from "../../emulator/functions";
import { models, type TestFunction } from "../support/appFolder";
import { armId, startTestEmulator, type TestEmulator } from "../support/emulator";
import { called } from "../support/signalRService";
import { signalRApp, socketIOApp, webPubSubApp } from "../support/smallApps";
import { connected, next } from "../support/socketIOService";
import { until } from "../support/until";

// The apps run in both programming models against the emulated services, with people and rooms that are not ASCII.

for (const [model, makeApp] of Object.entries(models)) {
    describe(`small apps in the ${model} model`, function () {
        this.timeout(20_000);
        let test: TestEmulator;
        let app: FunctionApp;
        const ends: (() => unknown)[] = [];
        beforeEach(async () => {
            test = await startTestEmulator();
        });
        afterEach(async () => {
            for (const end of ends.splice(0)) {
                await end();
            }
            await test.close();
        });

        /** Starts the app. Returns the URL of its webhook. */
        async function run(
            functions: TestFunction[],
            settings: Record<string, string>,
            extension: string,
        ): Promise<string> {
            app = await test.emulator.openFunctionApp({
                id: armId("Microsoft.Web/sites/app"),
                name: "app",
                folder: join(test.folder, "app"),
                identities: {},
                codeFolder: makeApp(functions),
            });
            await app.setAppSettings({ AzureWebJobsSecretStorageType: "files", ...settings });
            await app.ready();
            const keys = await app.hostKeys();
            return `http://${app.hostName}/runtime/webhooks/${extension}?code=${keys.systemKeys[`${extension}_extension`]}`;
        }

        const problems = () =>
            test.log.flatMap(({ level, message }) => (level === "error" ? [message] : [])).join("\n");

        async function ask<T>(target: string, init?: RequestInit): Promise<T> {
            const response = await fetch(`http://${app.hostName}/api/${target}`, init);
            assert.equal(response.status, 200, problems());
            return (await response.json()) as T;
        }

        it("chats over Web PubSub, with bytes for the message, states and groups", async () => {
            const service = await test.emulator.openWebPubSubService({
                id: armId("Microsoft.SignalRService/webPubSub/w"),
                name: "w",
            });
            const webhook = await run(
                webPubSubApp,
                { WebPubSubConnectionString: service.keys.primaryConnectionString },
                "webpubsub",
            );
            service.setHub("sampleChat", {
                eventHandlers: [
                    { urlTemplate: webhook, systemEvents: ["connect", "connected"], userEventPattern: "*" },
                ],
            });
            // Not signed in: the call fails, as on Azure.
            assert.equal((await fetch(`http://${app.hostName}/api/login`)).status, 500);

            const name = (text: string) => Buffer.from(text).toString("latin1");
            const { url } = await ask<{ url: string }>("login", {
                headers: { "x-ms-client-principal-name": name("Jörg") },
            });
            const client = new WebSocket(url);
            ends.push(() => client.terminate());
            const frames: { data: Buffer; binary: boolean }[] = [];
            client.on("message", (data: Buffer, binary) => frames.push({ data, binary }));
            await until(() => frames.length === 1, `the greeting\n${problems()}`);
            assert.deepEqual(JSON.parse(String(frames[0]?.data)), { from: "[System]", text: "Jörg on samplechat" });

            client.send("größer");
            await until(() => frames.length === 3, `the message and the answer\n${problems()}`);
            const sent = frames.find(({ binary }) => binary);
            assert.equal(String(sent?.data), "größer");
            const answers = () =>
                frames.filter(({ binary }) => !binary).map(({ data }) => JSON.parse(String(data)) as unknown);
            assert.deepEqual(answers()[1], { bytes: 8, type: "text", by: "Jörg", states: { count: 0 } });
            client.send(Buffer.from([1, 2, 3]));
            await until(() => frames.length === 5, "the second message and answer");
            assert.deepEqual(answers()[2], { bytes: 3, type: "binary", by: "Jörg", states: { count: 1 } });
            assert.equal(problems().replace(/.*property doesn't exist\.\n?/g, ""), "");
        });

        it("speaks in rooms over Web PubSub for Socket.IO", async () => {
            const service = await test.emulator.openSocketIOService({
                id: armId("Microsoft.SignalRService/webPubSub/s"),
                name: "s",
            });
            const webhook = await run(
                socketIOApp,
                { WebPubSubForSocketIOConnectionString: service.keys.primaryConnectionString },
                "socketio",
            );
            service.setHub("hub", { eventHandlers: [{ urlTemplate: webhook, userEventPattern: "*" }] });
            const person = async (userId: string) => {
                const { endpoint, path, token } = await ask<Record<string, string>>(
                    `negotiate?${new URLSearchParams({ userId })}`,
                );
                const socket = io(`${new URL(endpoint!).origin}/räume`, {
                    path: path!,
                    query: { access_token: token! },
                    forceNew: true,
                    reconnection: false,
                });
                ends.push(() => socket.disconnect());
                return connected(socket);
            };
            const [ann, bob] = await Promise.all([person("Änn 🎈"), person("用户")]);
            assert.equal(await ann.emitWithAck("join room", "Küche"), "Änn 🎈 in Küche");
            assert.equal(await bob.emitWithAck("join room", "Küche"), "用户 in Küche");
            const heard = next(bob, "gesagt");
            ann.emit("sagen", "Küche", "grüß dich");
            assert.deepEqual(await heard, ["Änn 🎈", "grüß dich"]);
            assert.equal(problems(), "");
        });

        it("calls users over SignalR Service, with route, query and body in expressions", async () => {
            const service = await test.emulator.openSignalRService({
                id: armId("Microsoft.SignalRService/signalR/r"),
                name: "r",
                serviceMode: "Serverless",
            });
            const webhook = await run(
                signalRApp,
                { AzureSignalRConnectionString: service.keys.primaryConnectionString },
                "signalr",
            );
            service.update({ upstream: { templates: [{ urlTemplate: webhook }] } });
            const connection = new HubConnectionBuilder()
                .withUrl(`http://${app.hostName}/api/mandant/?user=J%C3%B6rg`, {
                    transport: HttpTransportType.WebSockets,
                })
                .configureLogging(LogLevel.None)
                .build();
            ends.push(() => connection.stop());
            const greeted = called(connection, "newConnection");
            await connection.start();
            assert.deepEqual(await greeted, [{ user: "mandant-Jörg", hub: "serverless" }], problems());

            const arrived = called(connection, "newMessage");
            assert.equal(await connection.invoke("SendToUser", "mandant-Jörg", "grüß dich"), "sent grüß dich");
            assert.deepEqual(await arrived, ["grüß dich", ["mandant-Jörg", "grüß dich"]]);

            const news = called(connection, "news");
            const post = (body: object) =>
                fetch(`http://${app.hostName}/api/broadcast`, {
                    method: "POST",
                    headers: { "content-type": "application/json" },
                    body: JSON.stringify(body),
                });
            assert.equal((await post({ text: "für alle", hub: "serverless" })).status, 202, problems());
            assert.deepEqual(await news, ["für alle"]);
            assert.equal(problems(), "");
            // The hub's name is not in the body, so the output fails, and the answer leaves nothing.
            assert.equal((await post({ text: "für alle" })).status, 500);
            await until(() => problems() !== "", "the failure in the log");
            assert.match(problems(), /No value for named parameter 'hub'\./);
        });
    });
}
