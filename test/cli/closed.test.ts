import assert from "node:assert/strict";
import type { StackResource } from "../../cli/stackJson";
import { appOf, findingsOf, hub, own } from "../support/verifiedApp";

const resource = (type: string, outputs: Record<string, unknown> = {}): StackResource => ({
    type: `azure-native:${type}`,
    name: "chat",
    id: "",
    outputs,
});
const closed = { publicNetworkAccess: "Disabled" };
const wayOut = /closes the app to the internet.*Run verify on a machine in that network/;

describe("azure-realtime verify on a backend that does not answer everybody", () => {
    // Source of the header: learn, app-service/overview-authentication-authorization, and the body of App Service's own 401.
    const bearer = { "www-authenticate": 'Bearer realm="app.example.test" resource_id="1"' };

    for (const service of ["socketio", "webpubsub", "signalr"] as const) {
        it(`tells a token that is asked for from a key that is wrong: ${service}`, async () => {
            const of = await findingsOf({ service }, async () => new Response("", { status: 401, headers: bearer }));
            for (const check of ["webhook", "bundle", "negotiation"] as const) {
                assert.equal(of(check).status, "skipped", of(check).message);
                assert.match(of(check).message, /App Service authentication \(eventAuth\) asks for a token/);
                assert.doesNotMatch(of(check).message, /does not accept/);
            }
            assert.equal(of("client").status, "skipped");
            assert.equal(of("listeners").status, "skipped");
        });
    }

    it("knows it from the stack too, where something takes the header away", async () => {
        const resources = [hub("chat", own), resource("web:WebAppAuthSettingsV2")];
        const of = await findingsOf({ resources }, async () => new Response("", { status: 401 }));
        assert.equal(of("webhook").status, "skipped");
        assert.match(of("hubs").message, /asks for a token/);
    });

    it("still takes a 401 without a scheme for the key's", async () => {
        const of = await findingsOf({}, async () => new Response("", { status: 401 }));
        assert.equal(of("webhook").status, "failed");
        assert.match(of("webhook").message, /does not accept this key/);
        assert.match(of("bundle").message, /does not accept this master key/);
    });

    it("says that a private app is not to be reached from here, whether its name or its front end says so", async () => {
        const resources = [hub("chat", own), resource("web:WebApp", closed)];
        const missing = await findingsOf({ resources }, async () => {
            throw new Error("getaddrinfo ENOTFOUND app.example.test");
        });
        const refused = await findingsOf({ resources }, async () => new Response("Ip Forbidden", { status: 403 }));
        for (const found of [missing, refused]) {
            for (const check of ["negotiation", "webhook", "bundle"] as const) {
                assert.equal(found(check).status, "failed");
                assert.match(found(check).message, wayOut);
            }
        }
    });

    it("says nothing of the kind about an app that the stack leaves open, or does not show", async () => {
        for (const resources of [[resource("web:WebApp", { publicNetworkAccess: "Enabled" })], undefined]) {
            const of = await findingsOf({ resources }, async () => new Response("", { status: 403 }));
            assert.doesNotMatch(of("webhook").message, wayOut);
        }
    });

    it("says that a private service is not to be reached from here, when a client fails", async () => {
        const answer = { endpoint: "https://127.0.0.1:1", path: "/clients/socketio/hubs/hub", token: "e30.e30.e30" };
        const app = appOf({});
        const of = await findingsOf(
            { endpoint: "https://127.0.0.1:1", resources: [hub("chat", own), resource("webpubsub:WebPubSub", closed)] },
            async (input, init) =>
                String(input).includes("/api/negotiate") ? Response.json(answer) : app(input, init),
        );
        assert.equal(of("client").status, "failed");
        assert.match(
            of("client").message,
            /closes the service to the internet.*Run verify on a machine in that network/,
        );
    });
});
