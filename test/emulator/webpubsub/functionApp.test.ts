import assert from "node:assert/strict";
import path from "node:path";
import { WebSocket } from "ws";
import type { RealtimeService } from "../../../emulator/core/service/types";
import { roles } from "../../../emulator/identity";
import { openWebPubSubService } from "../../../emulator/webpubsub";
import { fixtures, openTestApp, type TestApp } from "../../support/functionApp";
import { until } from "../../support/until";
import { webPubSubId } from "../../support/webPubSubService";

const principal = { principalId: "22222222-0000-0000-0000-000000000001", clientId: "c1", resourceId: "/sites/app" };

describe("Web PubSub with a function app of function.json functions", () => {
    let test: TestApp;
    let service: RealtimeService;

    before(async () => {
        test = await openTestApp({
            codeFolder: path.join(fixtures, "webpubsubLegacy"),
            identities: { systemAssigned: principal },
            isStopped: true,
        });
        test.core.identity.addPrincipal(principal);
        service = await openWebPubSubService({ id: webPubSubId, name: "chat" }, test.core);
        await test.app.setAppSettings({
            AzureWebJobsSecretStorageType: "files",
            WebPubSubConnectionString__serviceUri: service.endpoint,
            WebPubSubConnectionString__credential: "managedidentity",
        });
    });
    after(async () => {
        await service.close();
        await test.close();
    });

    function setHub(code: string): void {
        const urlTemplate = test.url(`/runtime/webhooks/webpubsub?code=${encodeURIComponent(code)}`);
        service.setHub("chat", {
            anonymousConnectPolicy: "allow",
            eventHandlers: [{ urlTemplate, userEventPattern: "*" }],
        });
    }

    async function connect(): Promise<WebSocket> {
        const socket = new WebSocket(`${service.endpoint.replace("http", "ws")}/client/hubs/chat`);
        socket.on("error", () => undefined);
        await until(() => socket.readyState === WebSocket.OPEN, "the connection");
        return socket;
    }

    /** Sends a text and resolves with the frames of the answer, or with none when the service closes the socket. */
    async function talk(socket: WebSocket, text: string, count: number): Promise<string[]> {
        const frames: string[] = [];
        socket.on("message", (data) => void frames.push(String(data)));
        socket.send(text);
        await until(() => frames.length === count || socket.readyState === WebSocket.CLOSED, "the frames");
        socket.removeAllListeners("message");
        return frames.sort();
    }

    it("answers the sender, tells everybody and keeps state, once the role and the key are there", async () => {
        const { systemKeys } = await test.app.hostKeys();
        setHub("wrong");
        assert.deepEqual(await talk(await connect(), "no key", 1), []);
        assert.ok(test.entries.some(({ message }) => /failed: 401/.test(message)));

        setHub(systemKeys.webpubsub_extension as string);
        const refused = await connect();
        refused.send("no role");
        await test.logged(/Web PubSub Service Owner/);
        refused.terminate();

        test.core.identity.assignRole({
            id: "owner",
            principalId: principal.principalId,
            roleId: roles.webPubSubServiceOwner,
            scope: webPubSubId,
        });
        const socket = await connect();
        assert.deepEqual(await talk(socket, "one", 2), ["null: one", "you sent 1"]);
        assert.deepEqual(await talk(socket, "two", 2), ["null: two", "you sent 2"]);
        socket.terminate();
    });

    it("answers the service's events under an HTTP trigger, preflight included", async () => {
        service.setHub("chat", {
            anonymousConnectPolicy: "allow",
            eventHandlers: [{ urlTemplate: test.url("/api/context"), userEventPattern: "*" }],
        });
        const socket = await connect();
        const [answer] = await talk(socket, "hello", 1);
        assert.deepEqual(JSON.parse(answer as string), { data: "hello", errorMessage: null });
        socket.terminate();
    });
});
