import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { WebPubSubHub, type WebPubSubHubArgs } from "../../../components";
import { failureOf, holdsSecret, known, plain, runProgram } from "../../support/pulumi";

const type = "azure-native:webpubsub:WebPubSubHub";
const make = (args: Partial<WebPubSubHubArgs> = {}) =>
    new WebPubSubHub("chat", { resourceGroupName: "group", serviceName: "service", ...args });
const urlTemplate = "https://example.com/{event}";

describe("WebPubSubHub", () => {
    it("by default denies clients without a token and has no handler", async () => {
        const run = await runProgram(() => make());
        const hub = run.find(type);
        assert.equal(plain(hub, "hubName"), "hub");
        assert.equal(plain(hub, "resourceName"), "service");
        assert.deepEqual(plain(hub, "properties"), {
            anonymousConnectPolicy: "deny",
            webSocketKeepAliveIntervalInSeconds: 20,
            eventHandlers: [],
        });
        assert.equal(await known(run.result.hubName), "hub");
    });

    it("sends every event to a handler that selects none", async () => {
        const run = await runProgram(() => make({ eventHandlers: [{ urlTemplate }] }));
        assert.deepEqual(plain(run.find(type), "properties.eventHandlers"), [
            { urlTemplate, systemEvents: ["connect", "connected", "disconnected"], userEventPattern: "*" },
        ]);
    });

    it("keeps handlers in order, each with its events and the service's way to authenticate", async () => {
        const handlers = [
            { urlTemplate, systemEvents: ["connect" as const], userEventPattern: "a,b" },
            {
                urlTemplate: "https://other.example.com",
                systemEvents: [],
                userEventPattern: "*",
                auth: { type: "ManagedIdentity" as const, managedIdentity: { resource: "api://app" } },
            },
        ];
        const run = await runProgram(() =>
            make({
                hubName: "games",
                eventHandlers: handlers,
                anonymousConnectPolicy: "allow",
                webSocketKeepAliveIntervalInSeconds: 120,
            }),
        );
        assert.deepEqual(plain(run.find(type), "properties"), {
            anonymousConnectPolicy: "allow",
            webSocketKeepAliveIntervalInSeconds: 120,
            eventHandlers: handlers,
        });
        assert.equal(plain(run.find(type), "hubName"), "games");
    });

    it("keeps a key in a URL secret", async () => {
        const run = await runProgram(() =>
            make({ eventHandlers: [{ urlTemplate: pulumi.secret("https://example.com?code=1") }] }),
        );
        assert.equal(holdsSecret(run.find(type).inputs.properties), true);
    });

    it("checks a URL that is known later, without showing its key", async () => {
        const error = await failureOf(() =>
            runProgram(() => make({ eventHandlers: [{ urlTemplate: pulumi.output("example.com?code=s3cret") }] })),
        );
        assert.match(error.message, /eventHandlers\[0\]\.urlTemplate: "example\.com" is not a URL/);
        assert.doesNotMatch(error.message, /s3cret/);
    });

    it("names the whole place of a fault in what is known later, once", async () => {
        const places: [object, string][] = [
            [{ auth: pulumi.output({ type: "ManagedIdentity" }) }, "auth.managedIdentity.resource"],
            [{ auth: { type: pulumi.output("Basic" as "None") } }, "auth.type"],
            [{ systemEvents: ["connect", pulumi.output("closed" as "connect")] }, "systemEvents[1]"],
            [{ userEventPattern: pulumi.output("a,,b") }, "userEventPattern"],
        ];
        for (const [part, place] of places) {
            const error = await failureOf(() =>
                runProgram(() => make({ eventHandlers: [{ urlTemplate }, { urlTemplate, ...part }] as never })),
            );
            const said = error.message.split(`eventHandlers[1].${place}: `).length - 1;
            assert.equal(said, 1, error.message);
        }
    });

    const eventHubId =
        "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/g/providers/Microsoft.EventHub/namespaces/events/eventhubs/all";
    const roleType = "azure-native:authorization:RoleAssignment";

    it("copies events to an event hub, by the service's identity, which has its role first", async () => {
        const run = await runProgram(() =>
            make({ servicePrincipalId: "service-principal", eventListeners: [{ name: "archive", eventHubId }] }),
        );
        assert.deepEqual(plain(run.find(type), "properties.eventListeners"), [
            {
                filter: { type: "EventName", systemEvents: ["connected", "disconnected"], userEventPattern: "*" },
                endpoint: {
                    type: "EventHub",
                    eventHubName: "all",
                    fullyQualifiedNamespace: "events.servicebus.windows.net",
                },
            },
        ]);
        const role = run.find(roleType);
        assert.equal(role.name, "chat-archive-sender");
        assert.equal(plain(role, "scope"), eventHubId);
        assert.equal(plain(role, "principalId"), "service-principal");
        assert.equal(plain(role, "principalType"), "ServicePrincipal");
        assert.ok(run.comesAfter(run.find(type), role));
    });

    it("looks up no namespace when it is given the host name, and assigns no role without a principal", async () => {
        const run = await runProgram(() =>
            make({
                eventListeners: [
                    { name: "archive", eventHubId, fullyQualifiedNamespace: "events.servicebus.chinacloudapi.cn" },
                ],
            }),
        );
        assert.equal(
            plain(run.find(type), "properties.eventListeners.0.endpoint.fullyQualifiedNamespace"),
            "events.servicebus.chinacloudapi.cn",
        );
        assert.deepEqual(run.names(roleType), []);
        assert.deepEqual(run.invokes, []);
    });

    it("checks an event hub that is known later", async () => {
        const error = await failureOf(() =>
            runProgram(() => make({ eventListeners: [{ name: "archive", eventHubId: pulumi.output("all") }] })),
        );
        assert.match(
            error.message,
            /eventListeners\[0\]\.eventHubId: "all" is not the id of a Microsoft\.EventHub\/namespaces\/eventhubs/,
        );
    });
});
