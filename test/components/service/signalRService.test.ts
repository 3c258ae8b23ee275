import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { SignalRService, type SignalRServiceArgs } from "../../../components";
import { failureOf, holdsSecret, known, plain, runProgram } from "../../support/pulumi";

const type = "azure-native:signalrservice:SignalR";
const serviceId =
    "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/group/providers/Microsoft.SignalRService/signalR/old-chat";
const make = (args: Partial<SignalRServiceArgs> = {}) =>
    new SignalRService("chat", { resourceGroupName: "group", ...args });

describe("SignalRService", () => {
    it("makes one serverless service without access keys and without upstream, with its own identity", async () => {
        const run = await runProgram(() => make());
        assert.deepEqual(
            run.types(),
            ["azure-realtime:index:SignalRService", type, "random:index/randomString:RandomString"].sort(),
        );
        const service = run.find(type);
        assert.equal(service.name, "chat");
        assert.equal(service.parent, "azure-realtime:index:SignalRService chat");
        assert.equal(plain(service, "kind"), "SignalR");
        assert.deepEqual(plain(service, "features"), [{ flag: "ServiceMode", value: "Serverless" }]);
        assert.deepEqual(plain(service, "cors"), { allowedOrigins: ["*"] });
        assert.deepEqual(plain(service, "upstream"), { templates: [] });
        assert.equal(plain(service, "serverless"), undefined);
        assert.equal(plain(service, "disableLocalAuth"), true);
        assert.equal(plain(service, "identity.type"), "SystemAssigned");
        assert.equal(plain(service, "resourceName"), "chat-abc123");
        assert.deepEqual(plain(service, "sku"), { name: "Standard_S1", tier: "Standard", capacity: 1 });
        assert.deepEqual(run.invokes, []);
    });

    it("gives its host name, address and principal, and no connection string", async () => {
        const { result } = await runProgram(() => make());
        assert.equal(await known(result.hostName), "chat-abc123.service.signalr.net");
        assert.equal(await known(result.endpoint), "https://chat-abc123.service.signalr.net");
        assert.equal(await known(result.principalId), "service-principal");
        assert.equal(result.connectionString, undefined);
    });

    it("gives its connection string as a secret when access keys are asked for", async () => {
        const { connectionString } = (await runProgram(() => make({ disableLocalAuth: false }))).result;
        assert.ok(connectionString);
        assert.match(await known(connectionString), /^Endpoint=https:\/\/chat-abc123/);
        assert.equal(await pulumi.isSecret(connectionString), true);
    });

    it("keeps a key in an upstream's address secret", async () => {
        const run = await runProgram(() =>
            make({ upstreamTemplates: [{ urlTemplate: pulumi.secret("https://example.com?code=1") }] }),
        );
        assert.equal(holdsSecret(run.find(type).inputs.upstream), true);
    });

    it("checks an address that is known later, and shows no key", async () => {
        const error = await failureOf(() =>
            runProgram(() => make({ upstreamTemplates: [{ urlTemplate: pulumi.output("example.com?code=s3cret") }] })),
        );
        assert.match(error.message, /upstreamTemplates\[0\]\.urlTemplate: "example\.com" is not a URL/);
        assert.doesNotMatch(error.message, /s3cret/);
    });

    it("checks an origin that is known later", async () => {
        const error = await failureOf(() =>
            runProgram(() => make({ allowedOrigins: [pulumi.output("chat.example.com")] })),
        );
        assert.match(error.message, /allowedOrigins: "chat\.example\.com" is not an origin/);
    });

    it("makes nothing when the service exists already", async () => {
        const run = await runProgram(() => make({ serviceId }));
        assert.deepEqual(run.types(), ["azure-realtime:index:SignalRService"]);
        assert.equal(await known(run.result.endpoint), "https://old-chat.service.signalr.net");
    });

    it("refuses a service that exists already but is not serverless", async () => {
        const error = await failureOf(() =>
            runProgram(() => make({ serviceId }), {
                invoke: (token) =>
                    token.endsWith("getSignalR") ? { id: "", name: "old-chat", hostName: "" } : undefined,
            }),
        );
        assert.match(error.message, /"old-chat" is in mode Default\. Allowed: mode Serverless/);
    });
});
