import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { SocketIOService, type SocketIOServiceArgs, WebPubSubService } from "../../../components";
import { failureOf, holdsSecret, known, plain, runProgram } from "../../support/pulumi";

const serviceId =
    "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/group/providers/Microsoft.SignalRService/webPubSub/old-chat";
const type = "azure-native:webpubsub:WebPubSub";

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

        it("makes one service of its kind without access keys, with its own identity", async () => {
            const run = await runProgram(() => make());
            assert.deepEqual(
                run.types(),
                [`azure-realtime:index:${component}`, type, "random:index/randomString:RandomString"].sort(),
            );
            const service = run.find(type);
            assert.equal(service.name, "chat");
            assert.equal(service.parent, `azure-realtime:index:${component} chat`);
            assert.equal(plain(service, "kind"), kind);
            assert.deepEqual(plain(service, "socketIO"), socketIO);
            assert.equal(plain(service, "disableLocalAuth"), true);
            assert.equal(plain(service, "identity.type"), "SystemAssigned");
            assert.equal(plain(service, "resourceName"), "chat-abc123");
            assert.deepEqual(plain(service, "sku"), { name: "Standard_S1", tier: "Standard", capacity: 1 });
            assert.deepEqual(run.invokes, []);
        });

        it("gives its host name, address and principal, and no connection string", async () => {
            const { result } = await runProgram(() => make());
            assert.equal(await known(result.hostName), "chat-abc123.webpubsub.azure.com");
            assert.equal(await known(result.endpoint), "https://chat-abc123.webpubsub.azure.com");
            assert.equal(await known(result.principalId), "service-principal");
            assert.equal(result.connectionString, undefined);
        });

        it("gives its connection string as a secret when access keys are asked for", async () => {
            const run = await runProgram(() => make({ disableLocalAuth: false }));
            assert.equal(plain(run.find(type), "disableLocalAuth"), false);
            const { connectionString } = run.result;
            assert.ok(connectionString);
            assert.match(await known(connectionString), /^Endpoint=https:\/\/chat-abc123/);
            assert.equal(await pulumi.isSecret(connectionString), true);
        });

        it("takes a name, a tier, units and everything about the network", async () => {
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
            assert.deepEqual(run.names("random:index/randomString:RandomString"), []);
        });

        it("starts with the fewest units of its tier", async () => {
            const run = await runProgram(() => make({ sku: "Premium_P2" }));
            assert.equal(plain(run.find(type), "sku.capacity"), 100);
        });

        it("uses a user-assigned identity when it is given one", async () => {
            const id = "/subscriptions/s/resourceGroups/g/providers/Microsoft.ManagedIdentity/userAssignedIdentities/i";
            const run = await runProgram(() =>
                make({ serviceIdentityType: "UserAssigned", serviceUserAssignedIdentityId: id }),
            );
            assert.deepEqual(plain(run.find(type), "identity"), { type: "UserAssigned", userAssignedIdentities: [id] });
        });

        it("makes nothing when the service exists already", async () => {
            const run = await runProgram(() => make({ serviceId }), {
                invoke: (token) => (token.endsWith("getWebPubSub") ? existing : undefined),
            });
            assert.deepEqual(run.types(), [`azure-realtime:index:${component}`]);
            assert.equal(await known(run.result.serviceName), "old-chat");
            assert.equal(await known(run.result.endpoint), "https://old-chat.webpubsub.azure.com");
        });

        it("refuses a service that exists already and is of another kind", async () => {
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

        it("checks units that are known later against the tier", async () => {
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
