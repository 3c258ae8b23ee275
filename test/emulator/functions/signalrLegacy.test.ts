import assert from "node:assert/strict";
import path from "node:path";
import { HttpTransportType, type HubConnection, HubConnectionBuilder, LogLevel } from "@microsoft/signalr";
import { roles } from "../../../emulator/identity";
import { openSignalRService, type SignalRService } from "../../../emulator/signalr";
import { fixtures, openTestApp, type TestApp } from "../../support/functionApp";
import { called, signalRId } from "../../support/signalRService";

/** The examples of the vendor's binding documentation in `function.json`, with a real service, app and client. */
describe("functions: SignalR in the function.json model, end to end", () => {
    let test: TestApp;
    let service: SignalRService;
    let clients: HubConnection[] = [];

    before(async () => {
        const principal = { principalId: "p1", clientId: "c1", resourceId: "/r1" };
        test = await openTestApp({
            codeFolder: path.join(fixtures, "signalr-legacy"),
            identities: { systemAssigned: principal },
            isStopped: true,
        });
        test.core.identity.addPrincipal(principal);
        const id = signalRId;
        test.core.identity.assignRole({ id: "a", principalId: "p1", roleId: roles.signalRServiceOwner, scope: id });
        service = await openSignalRService(
            { id, name: "chat", serviceMode: "Serverless", disableLocalAuth: true },
            test.core,
        );
        await test.app.setAppSettings({
            AzureWebJobsSecretStorageType: "files",
            ChatService__serviceUri: service.endpoint,
            ChatService__credential: "managedidentity",
        });
        const code = (await test.app.hostKeys()).systemKeys.signalr_extension ?? "";
        const url = test.url(`/runtime/webhooks/signalr?code=${encodeURIComponent(code)}`);
        service.update({ upstream: { templates: [{ urlTemplate: url }] } });
    });
    after(async () => {
        await service.close();
        await test.close();
    });
    afterEach(async () => {
        await Promise.all(clients.map((client) => client.stop()));
        clients = [];
    });

    async function connect(user?: string): Promise<HubConnection> {
        const client = new HubConnectionBuilder()
            .withUrl(test.url(user === undefined ? "" : "/signedIn"), {
                transport: HttpTransportType.WebSockets,
                headers: user === undefined ? {} : { "x-ms-client-principal-id": user },
            })
            .configureLogging(LogLevel.None)
            .build();
        clients.push(client);
        await client.start();
        return client;
    }

    async function post(name: string, body: unknown): Promise<void> {
        const response = await fetch(test.url(`/${name}`), {
            method: "POST",
            headers: { "Content-Type": "application/json" },
            body: JSON.stringify(body),
        });
        assert.ok(response.ok, await response.text());
    }

    it("broadcasts to clients that negotiated with the app", async () => {
        const [first, second] = [await connect(), await connect()];
        const heard = Promise.all([called(first, "newMessage"), called(second, "newMessage")]);
        await post("broadcast", { text: "hi" });
        assert.deepEqual(await heard, [[{ text: "hi" }], [{ text: "hi" }]]);
    });

    it("sends to the user that App Service authentication names", async () => {
        const [user, other] = [await connect("userId1"), await connect("userId2")];
        other.on("newMessage", () => assert.fail("another user heard it"));
        const heard = called(user, "newMessage");
        await post("sendToUser", { text: "psst" });
        assert.deepEqual(await heard, [{ text: "psst" }]);
    });

    it("manages groups, sends to them, and answers the caller", async () => {
        const [member, other] = [await connect(), await connect()];
        other.on("newMessage", () => assert.fail("somebody outside the group heard it"));
        const greeting = called(member, "newMessage");
        assert.deepEqual(await member.invoke("chat", "hallo"), { heard: "hallo" });
        assert.deepEqual(await greeting, ["hallo"]);
        const later = called(member, "newMessage");
        await post("sendToGroup", { text: "again" });
        assert.deepEqual(await later, [{ text: "again" }]);
    });

    it("hears of a client that left", async () => {
        const client = await connect();
        await client.stop();
        await test.logged(/^.*gone: /);
    });
});
