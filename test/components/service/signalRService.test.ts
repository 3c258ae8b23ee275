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
    it("creates one serverless service without access keys and upstream, with its own identity", async () => {
        const run = await runProgram(() => make());
        assert.deepEqual(
            run.types(),
            [
                "azure-native:managedidentity:UserAssignedIdentity",
                "azure-realtime:index:SignalRService",
                type,
                "random:index/randomString:RandomString",
            ].sort(),
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
        assert.equal(plain(service, "identity.type"), "UserAssigned");
        assert.equal(plain(service, "resourceName"), "chat-abc123");
        assert.deepEqual(plain(service, "sku"), { name: "Standard_S1", tier: "Standard", capacity: 1 });
        assert.deepEqual(run.invokes, []);
    });

    it("returns its host name, endpoint and principal, and no connection string", async () => {
        const { result } = await runProgram(() => make());
        assert.equal(await known(result.hostName), "chat-abc123.service.signalr.net");
        assert.equal(await known(result.endpoint), "https://chat-abc123.service.signalr.net");
        assert.equal(await known(result.principalId), "principal of chat-identity-abc123");
        assert.equal(result.connectionString, undefined);
    });

    it("returns its connection string as a secret when access keys are enabled", async () => {
        const { connectionString } = (await runProgram(() => make({ disableLocalAuth: false }))).result;
        assert.ok(connectionString);
        assert.match(await known(connectionString), /^Endpoint=https:\/\/chat-abc123/);
        assert.equal(await pulumi.isSecret(connectionString), true);
    });

    it("keeps a key in an upstream's URL secret", async () => {
        const run = await runProgram(() =>
            make({ upstreamTemplates: [{ urlTemplate: pulumi.secret("https://example.com?code=1") }] }),
        );
        assert.equal(holdsSecret(run.find(type).inputs.upstream), true);
    });

    it("checks a URL that is known later, without showing its key", async () => {
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

    it("creates nothing when the service already exists", async () => {
        const run = await runProgram(() => make({ serviceId }));
        assert.deepEqual(run.types(), ["azure-realtime:index:SignalRService"]);
        assert.equal(await known(run.result.endpoint), "https://old-chat.service.signalr.net");
    });

    it("refuses an existing service that is not serverless", async () => {
        const error = await failureOf(() =>
            runProgram(() => make({ serviceId }), {
                invoke: (token) =>
                    token.endsWith("getSignalR") ? { id: "", name: "old-chat", hostName: "" } : undefined,
            }),
        );
        assert.match(error.message, /"old-chat" is in mode Default\. Allowed: mode Serverless/);
    });
});
