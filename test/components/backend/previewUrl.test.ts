import assert from "node:assert/strict";
import { SignalRService, WebPubSubHub } from "../../../components";
import { hubBackends, hubType, runSignalR, signalRType } from "../../support/backend";
import { holdsUnknown, Probe, plain, runProgram } from "../../support/pulumi";

/** Paths of all values that are unknown. */
function unknownIn(value: unknown, path = ""): string[] {
    if (typeof value !== "object" || value === null) {
        return holdsUnknown({ value }) ? [path] : [];
    }
    return Object.entries(value).flatMap(([key, part]) => unknownIn(part, path === "" ? key : `${path}.${key}`));
}

describe("a preview that does not know the key yet, as that of a rotation,", () => {
    for (const backend of hubBackends) {
        for (const keySource of ["KeyVault", "HostKey"] as const) {
            it(`shows everything of the hub of a ${backend.component} but the URL, with ${keySource}`, async () => {
                const handlers = [{ urlTemplate: "https://audit.example.com", userEventPattern: "audit" }, {}];
                const made = await backend.run(
                    { keySource, hubs: [{ name: "chat", eventHandlers: handlers, anonymousConnectPolicy: "allow" }] },
                    { preview: true },
                );
                const hub = made.find(hubType);
                assert.deepEqual(unknownIn(plain(hub, "properties")), ["eventHandlers.1.urlTemplate"]);
                assert.deepEqual(plain(hub, "properties.eventHandlers.0"), {
                    urlTemplate: "https://audit.example.com",
                    userEventPattern: "audit",
                    systemEvents: ["connect", "connected", "disconnected"],
                });
                assert.equal(plain(hub, "properties.anonymousConnectPolicy"), "allow");
            });
        }
    }

    it("shows everything of the upstream of a SignalRBackend but the URL", async () => {
        const templates = [{ urlTemplate: "https://audit.example.com", hubPattern: "audit" }, { eventPattern: "send" }];
        const made = await runSignalR({ upstreamTemplates: templates }, { preview: true });
        assert.deepEqual(unknownIn(plain(made.find(signalRType), "upstream")), ["templates.1.urlTemplate"]);
    });

    it("shows what is known of handlers whose own parts are not", async () => {
        const made = await runProgram(
            () => {
                const urlTemplate = new Probe("Key").id;
                new WebPubSubHub("hub", {
                    resourceGroupName: "g",
                    serviceName: "chat",
                    eventHandlers: [{ urlTemplate }],
                });
                new SignalRService("signalr", { resourceGroupName: "g", upstreamTemplates: [{ urlTemplate }] });
            },
            { preview: true },
        );
        assert.deepEqual(unknownIn(plain(made.find(hubType), "properties")), ["eventHandlers.0.urlTemplate"]);
        assert.deepEqual(unknownIn(plain(made.find(signalRType), "upstream")), ["templates.0.urlTemplate"]);
    });
});
