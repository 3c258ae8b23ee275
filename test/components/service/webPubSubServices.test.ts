import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { SocketIOService, type SocketIOServiceArgs, WebPubSubService } from "../../../components";
import { failureOf, holdsSecret, known, plain, runProgram } from "../../support/pulumi";

const serviceId =
    "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/group/providers/Microsoft.SignalRService/webPubSub/old-chat";
const type = "azure-native:webpubsub:WebPubSub";
const identityType = "azure-native:managedidentity:UserAssignedIdentity";
const ownIdentities =
    "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/group/providers/Microsoft.ManagedIdentity/userAssignedIdentities";

const services = [
    {
        component: "SocketIOService",
        Service: SocketIOService,
        kind: "SocketIO",
        socketIO: { serviceMode: "Serverless" },
        other: { kind: "WebPubSub" },
        refusal: /"old-chat" is of kind WebPubSub in mode Default\. Allowed: kind SocketIO/,
    },
    {
        component: "WebPubSubService",
        Service: WebPubSubService,
        kind: "WebPubSub",
        socketIO: undefined,
        other: { kind: "SocketIO", socketIO: { serviceMode: "Serverless" } },
        refusal: /"old-chat" is of kind SocketIO\. Allowed: kind WebPubSub/,
    },
];

for (const { component, Service, kind, socketIO, other, refusal } of services) {
    describe(component, () => {
        const make = (args: Partial<SocketIOServiceArgs> = {}) =>
            new Service("chat", { resourceGroupName: "group", ...args });
        const existing = { id: "i", name: "old-chat", hostName: "old-chat.webpubsub.azure.com", kind, socketIO };

        it("creates one service of its kind without access keys, with its own identity", async () => {
            const run = await runProgram(() => make());
            assert.deepEqual(
                run.types(),
                [
                    `azure-realtime:index:${component}`,
                    type,
                    identityType,
                    "random:index/randomString:RandomString",
                ].sort(),
            );
            const service = run.find(type);
            assert.equal(service.name, "chat");
            assert.equal(service.parent, `azure-realtime:index:${component} chat`);
            assert.equal(plain(service, "kind"), kind);
            assert.deepEqual(plain(service, "socketIO"), socketIO);
            assert.equal(plain(service, "disableLocalAuth"), true);
            assert.equal(plain(service, "identity.type"), "UserAssigned");
            assert.deepEqual(plain(service, "identity.userAssignedIdentities"), [
                `${ownIdentities}/chat-identity-abc123`,
            ]);
            assert.equal(plain(service, "resourceName"), "chat-abc123");
            assert.deepEqual(plain(service, "sku"), { name: "Standard_S1", tier: "Standard", capacity: 1 });
            assert.deepEqual(run.invokes, []);
        });

        it("returns its host name, endpoint and principal, and no connection string", async () => {
            const { result } = await runProgram(() => make());
            assert.equal(await known(result.hostName), "chat-abc123.webpubsub.azure.com");
            assert.equal(await known(result.endpoint), "https://chat-abc123.webpubsub.azure.com");
            assert.equal(await known(result.principalId), "principal of chat-identity-abc123");
            assert.equal(result.connectionString, undefined);
        });

        it("returns its connection string as a secret when access keys are enabled", async () => {
            const run = await runProgram(() => make({ disableLocalAuth: false }));
            assert.equal(plain(run.find(type), "disableLocalAuth"), false);
            const { connectionString } = run.result;
            assert.ok(connectionString);
            assert.match(await known(connectionString), /^Endpoint=https:\/\/chat-abc123/);
            assert.equal(await pulumi.isSecret(connectionString), true);
        });

        it("accepts a name, a tier, units and all network settings", async () => {
            const run = await runProgram(() =>
                make({
                    serviceName: "my-chat",
                    sku: "Premium_P2",
                    capacity: 200,
                    clientCertEnabled: true,
                    publicNetworkAccess: "Disabled",
                    networkACLs: { defaultAction: "Deny", publicNetwork: { allow: ["ClientConnection"] } },
                    liveTraceConfiguration: {
                        enabled: "true",
                        categories: [{ name: "MessagingLogs", enabled: "true" }],
                    },
                    tags: { team: "chat" },
                }),
            );
            const service = run.find(type);
            assert.equal(plain(service, "resourceName"), "my-chat");
            assert.deepEqual(plain(service, "sku"), { name: "Premium_P2", tier: "Premium", capacity: 200 });
            assert.equal(plain(service, "tls.clientCertEnabled"), true);
            assert.equal(plain(service, "publicNetworkAccess"), "Disabled");
            assert.deepEqual(plain(service, "networkACLs"), {
                defaultAction: "Deny",
                publicNetwork: { allow: ["ClientConnection"] },
            });
            assert.equal(plain(service, "liveTraceConfiguration.enabled"), "true");
            assert.deepEqual(plain(service, "tags"), { team: "chat" });
            assert.match(String(plain(run.find(identityType), "resourceName")), /^chat-identity-/);
        });

        it("uses the identity that comes with the service when that is asked for", async () => {
            const run = await runProgram(() => make({ serviceIdentityType: "SystemAssigned" }));
            assert.deepEqual(plain(run.find(type), "identity"), { type: "SystemAssigned" });
            assert.deepEqual(run.names(identityType), []);
            assert.equal(await known(run.result.principalId), "service-principal");
        });

        it("starts with the fewest units of its tier", async () => {
            const run = await runProgram(() => make({ sku: "Premium_P2" }));
            assert.equal(plain(run.find(type), "sku.capacity"), 100);
        });

        it("uses the given user-assigned identity", async () => {
            const id = "/subscriptions/s/resourceGroups/g/providers/Microsoft.ManagedIdentity/userAssignedIdentities/i";
            const run = await runProgram(() =>
                make({ serviceIdentityType: "UserAssigned", serviceUserAssignedIdentityId: id }),
            );
            assert.deepEqual(plain(run.find(type), "identity"), { type: "UserAssigned", userAssignedIdentities: [id] });
        });

        it("creates nothing when the service already exists", async () => {
            const run = await runProgram(() => make({ serviceId }), {
                invoke: (token) => (token.endsWith("getWebPubSub") ? existing : undefined),
            });
            assert.deepEqual(run.types(), [`azure-realtime:index:${component}`]);
            assert.equal(await known(run.result.serviceName), "old-chat");
            assert.equal(await known(run.result.endpoint), "https://old-chat.webpubsub.azure.com");
        });

        it("refuses an existing service of another kind", async () => {
            const error = await failureOf(() =>
                runProgram(() => make({ serviceId }), {
                    invoke: (token) =>
                        token.endsWith("getWebPubSub")
                            ? { id: "", name: "old-chat", hostName: "", ...other }
                            : undefined,
                }),
            );
            assert.match(error.message, refusal);
        });

        it("checks units against the tier when they are known later", async () => {
            const error = await failureOf(() =>
                runProgram(() => make({ sku: pulumi.output("Free_F1" as const), capacity: 2 })),
            );
            assert.match(error.message, /Service "chat": capacity: 2 does not fit Free_F1\. Allowed: 1\./);
        });

        it("registers the service in a preview too", async () => {
            const run = await runProgram(() => make({ disableLocalAuth: false }), { preview: true });
            assert.equal(run.names(type).length, 1);
            assert.deepEqual(run.invokes, []);
            assert.equal(holdsSecret(run.find(type).inputs), false);
        });
    });
}
