import assert from "node:assert/strict";
import { join } from "node:path";
import { io, type Socket } from "socket.io-client";
import type { FunctionApp } from "../../../emulator/functions";
import type { RealtimeService } from "../../../emulator/socketio";
import type { StorageAccount } from "../../../emulator/storage";
import type { Vault } from "../../../emulator/vault";
import { addPrincipal, armId, startTestEmulator, type TestEmulator } from "../../support/emulator";
import { zipOf } from "../../support/functionPackage";

const vaultId = armId("Microsoft.KeyVault/vaults/keys");
const storageId = armId("Microsoft.Storage/storageAccounts/packages");
const serviceId = armId("Microsoft.SignalRService/webPubSub/chat");
const extensionKey = "host--systemKey--socketio-095extension";

const roleIds = {
    officer: "b86a8fe4-44ce-4948-aee5-eccb2c155cd7",
    blobContributor: "ba92f5b4-2d11-453d-a403-e96b0029c9fe",
    serviceOwner: "12cf5a90-567b-43ae-8102-96cf46c7d9b4",
};

const trigger = (eventName: string) => ({
    type: "socketiotrigger",
    direction: "in",
    name: "request",
    hub: "hub",
    eventName,
});
const chat = zipOf({
    "host.json": JSON.stringify({
        version: "2.0",
        extensionBundle: { id: "Microsoft.Azure.Functions.ExtensionBundle.Preview", version: "[4.*, 5.0.0)" },
    }),
    "negotiate/function.json": JSON.stringify({
        bindings: [
            { type: "httpTrigger", direction: "in", name: "req", authLevel: "anonymous" },
            { type: "http", direction: "out", name: "$return" },
            { type: "socketionegotiation", direction: "in", name: "connection", hub: "hub", userId: "{query.userId}" },
        ],
    }),
    "negotiate/index.js": "module.exports = async (context) => ({ body: context.bindings.connection });",
    "connect/function.json": JSON.stringify({ bindings: [trigger("connect")] }),
    "connect/index.js":
        "module.exports = async (context, request) => ({ statusCode: request.query.refuse ? 403 : 200 });",
    "chat/function.json": JSON.stringify({
        bindings: [trigger("chat"), { type: "socketio", direction: "out", name: "sio", hub: "hub" }],
    }),
    "chat/index.js": `module.exports = async (context, request) => {
        context.bindings.sio = { actionName: "sendToNamespace", eventName: "chat", parameters: request.parameters };
        return { ack: ["heard", context.bindingData.userId] };
    };`,
});

describe("functions: with the emulated service, vault and storage", () => {
    let test: TestEmulator;
    let vault: Vault;
    let storage: StorageAccount;
    let service: RealtimeService;
    let app: FunctionApp;
    let principalId: string;
    const sockets: Socket[] = [];

    const grant = (id: string, roleId: string, scope: string) =>
        test.emulator.identity.assignRole({ id, principalId, roleId, scope });

    beforeEach(async () => {
        test = await startTestEmulator();
        const { emulator } = test;
        const principal = addPrincipal(emulator);
        principalId = principal.principalId;
        vault = await emulator.openVault({ id: vaultId, name: "keys" });
        storage = await emulator.openStorageAccount({ id: storageId, name: "packages" });
        service = await emulator.openSocketIOService({ id: serviceId, name: "chat", disableLocalAuth: true });
        vault.setSecret("host--masterKey--master", "master");
        vault.setSecret("host--functionKey--default", "function");
        vault.setSecret(extensionKey, "first-key");
        await storage.createContainer("app-package");
        await storage.createContainer("packages");
        await storage.putBlob({ container: "packages", name: "chat.zip", data: chat });
        grant("vault", roleIds.officer, vaultId);
        grant("storage", roleIds.blobContributor, storageId);
        grant("service", roleIds.serviceOwner, serviceId);
        app = await emulator.openFunctionApp({
            id: principal.resourceId,
            name: "app",
            folder: join(test.folder, "app"),
            identities: { systemAssigned: principal },
            deployment: { containerUrl: `${storage.blobEndpoint}app-package` },
        });
        setHub("first-key");
    });
    afterEach(async () => {
        for (const socket of sockets.splice(0)) {
            socket.disconnect();
        }
        await test.close();
    });

    function setHub(key: string): void {
        const urlTemplate = `http://${app.hostName}/runtime/webhooks/socketio?code=${key}`;
        service.setHub("hub", {
            eventHandlers: [
                { urlTemplate, userEventPattern: "*", systemEvents: ["connect", "connected", "disconnected"] },
            ],
        });
    }

    async function deploy(): Promise<void> {
        await app.setAppSettings({
            AzureWebJobsSecretStorageType: "keyvault",
            AzureWebJobsSecretStorageKeyVaultUri: vault.uri,
            WebPubSubForSocketIOConnectionString__endpoint: service.endpoint,
            WebPubSubForSocketIOConnectionString__credential: "managedidentity",
        });
        const sas = storage.serviceSas({
            container: "packages",
            blob: "chat.zip",
            permissions: "r",
            expiresOn: new Date(Date.now() + 600_000),
        });
        await app.deploy({ packageUri: `${storage.blobEndpoint}packages/chat.zip?${sas}` });
    }

    async function connect(userId: string, query: Record<string, string> = {}): Promise<Socket> {
        const answer = await fetch(`http://${app.hostName}/api/negotiate?userId=${userId}`);
        assert.equal(answer.status, 200, `negotiate answered ${answer.status}: ${messages()}`);
        const { endpoint, path, token } = (await answer.json()) as Record<string, string>;
        const socket = io(endpoint!, {
            path: path!,
            query: { ...query, access_token: token! },
            reconnection: false,
            forceNew: true,
        });
        sockets.push(socket);
        await new Promise<void>((resolve, reject) => {
            socket.once("connect", resolve);
            socket.once("connect_error", reject);
        });
        return socket;
    }

    const nextEvent = (socket: Socket, name: string) =>
        new Promise<unknown[]>((resolve) => socket.once(name, (...args: unknown[]) => resolve(args)));
    const messages = () => test.log.map(({ message }) => message).join("\n");

    it("lets two clients chat, by identity all the way", async () => {
        await deploy();
        const [ann, bob] = [await connect("ann"), await connect("bob")];
        const heard = nextEvent(bob, "chat");
        assert.equal(await ann.timeout(5000).emitWithAck("chat", "hello"), "heard");
        assert.deepEqual(await heard, ["hello"]);
    });

    it("keeps clients connected while the app is deployed again and its key changes", async () => {
        await deploy();
        const ann = await connect("ann");
        vault.setSecret(extensionKey, "second-key");
        setHub("second-key");
        await deploy();
        const heard = nextEvent(ann, "chat");
        ann.emit("chat", "still here");
        assert.deepEqual(await heard, ["still here"]);
    });

    it("loads the package from storage on a second start", async () => {
        await deploy();
        await app.close();
        const principal = { principalId, clientId: "c", resourceId: app.id };
        app = await test.emulator.openFunctionApp({
            id: `${app.id}-again`,
            name: "app",
            folder: join(test.folder, "app"),
            identities: { systemAssigned: principal },
            deployment: { containerUrl: `${storage.blobEndpoint}app-package` },
        });
        await app.setAppSettings({
            AzureWebJobsSecretStorageType: "files",
            WebPubSubForSocketIOConnectionString__endpoint: service.endpoint,
        });
        assert.deepEqual(app.functions(), ["chat", "connect", "negotiate"]);
    });

    it("refuses a client that the connect function refuses", async () => {
        await deploy();
        await assert.rejects(connect("ann", { refuse: "1" }));
    });

    it("fails without the data role, and the log names it", async () => {
        await deploy();
        test.emulator.identity.removeRole("service");
        const answer = await fetch(`http://${app.hostName}/api/negotiate?userId=ann`);
        assert.equal(answer.status, 500);
        assert.match(messages(), /Web PubSub Service Owner/);
    });

    it("fails without the vault role, and the error names it", async () => {
        test.emulator.identity.removeRole("vault");
        await assert.rejects(deploy(), /not deployed: .*socketio trigger needs its keys.*Key Vault Secrets/);
    });

    it("fails without the storage role, and the error names it", async () => {
        test.emulator.identity.removeRole("storage");
        await assert.rejects(deploy(), /not deployed: .*Storage Blob Data/);
    });
});
