import assert from "node:assert/strict";
import { io } from "socket.io-client";
import { roles } from "../../../emulator/identity";
import { addPrincipal, armId, startTestEmulator } from "../../support/emulator";
import { startEventHandler } from "../../support/eventHandlerServer";
import { connected, next, startTestService, type TestService } from "../../support/socketIOService";

describe("Socket.IO event handlers that need a secret or an identity", () => {
    let test: TestService;
    beforeEach(async () => {
        test = await startTestService();
    });
    afterEach(() => test.close());

    it("signs in at a handler that asks for the service's managed identity", async () => {
        const principal = {
            principalId: "aaaaaaaa-0000-0000-0000-000000000001",
            clientId: "cccccccc-0000-0000-0000-000000000001",
            resourceId: "r",
        };
        test.identity.addPrincipal(principal);
        test.service.update({ principalId: principal.principalId });
        test.service.setHub("hub", {
            eventHandlers: [
                {
                    urlTemplate: test.handler.url,
                    systemEvents: ["connect"],
                    auth: { type: "ManagedIdentity", managedIdentity: { resource: "api://app" } },
                },
            ],
        });
        await connected(await test.client());
        // The vendor's serverless sample for Socket.IO asks for a token on every path, and its preflight passes:
        // https://github.com/Azure/azure-webpubsub/tree/main/sdk/webpubsub-socketio-extension/examples/chat-serverless-typescript
        assert.equal(test.handler.requests[0]?.method, "OPTIONS");
        assert.match(String(test.handler.requests[0]?.headers.authorization), /^Bearer /);
        const token = String(test.handler.events()[0]?.headers.authorization).replace("Bearer ", "");
        const claims = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString());
        assert.equal(claims.oid, principal.principalId);
        assert.match(claims.aud, /^api:\/\/app/);
    });

    it("says that it has no identity when a handler asks for one", async () => {
        test.service.setHub("hub", {
            eventHandlers: [
                {
                    urlTemplate: test.handler.url,
                    systemEvents: ["connect"],
                    auth: { type: "ManagedIdentity", managedIdentity: { resource: "api://app" } },
                },
            ],
        });
        await next(await test.client(), "connect_error");
        assert.match(test.warnings().join("\n"), /managed identity, but the service has no identity/);
    });
});

describe("Key Vault references in URL templates", () => {
    it("are read by the service's identity, and their role decides whether clients come in", async () => {
        const { emulator, log, close } = await startTestEmulator();
        const handler = await startEventHandler();
        const principal = addPrincipal(emulator, "Microsoft.SignalRService/webPubSub/chat");
        const vault = await emulator.openVault({ id: armId("Microsoft.KeyVault/vaults/keys"), name: "keys" });
        const secret = vault.setSecret("host--systemKey--socketio-095extension", "abc==");
        const service = await emulator.openSocketIOService({
            id: principal.resourceId,
            name: "chat",
            principalId: principal.principalId,
        });
        const connect = async (): Promise<unknown> => {
            const socket = io(service.endpoint, {
                path: "/clients/socketio/hubs/hub",
                reconnection: false,
                forceNew: true,
            });
            try {
                return await new Promise((resolve) => {
                    socket.once("connect", () => resolve("connected"));
                    socket.once("connect_error", (error) => resolve(error.message));
                });
            } finally {
                socket.disconnect();
            }
        };
        try {
            service.setHub("hub", {
                anonymousConnectPolicy: "allow",
                eventHandlers: [
                    {
                        urlTemplate: `${handler.url}/x?code={@Microsoft.KeyVault(SecretUri=${secret.id})}`,
                        systemEvents: ["connect"],
                    },
                ],
            });
            assert.match(String(await connect()), /status 500/);
            const refused = log.find(({ source, level }) => source === "chat" && level === "warning")?.message ?? "";
            assert.match(refused, /Key Vault reference to secret .* in vault "keys".*Key Vault Secrets User/s);
            assert.ok(!refused.includes("abc"));
            emulator.identity.assignRole({
                id: "a1",
                principalId: principal.principalId,
                roleId: roles.keyVaultSecretsUser,
                scope: vault.id,
            });
            assert.equal(await connect(), "connected");
            assert.equal(handler.events()[0]?.url, "/x?code=abc%3D%3D");
        } finally {
            await close();
            await handler.close();
        }
    });
});
