import assert from "node:assert/strict";
import { parseStackJson } from "../../cli/stackJson";
import { type DeployedOptions, readDeployed } from "../../cli/verify";

const urn = (types: string, name: string) => `urn:pulumi:dev::p::${types}::${name}`;
const stackUrn = urn("pulumi:pulumi:Stack", "p-dev");
const kind = "azure-realtime:index:SocketIOBackend";
const secret = (value: unknown) => ({
    "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
    plaintext: JSON.stringify(value),
});

function backend(name: string) {
    const parent = urn(kind, name);
    const keys = urn(`${kind}$azure-realtime:index:HostKeys`, `${name}-keys`);
    const password = "random:index/randomPassword:RandomPassword";
    const localSettings = JSON.stringify({ Values: { WebPubSubForSocketIOConnectionString__endpoint: "x" } });
    return [
        {
            urn: parent,
            type: kind,
            parent: stackUrn,
            outputs: {
                negotiateUrl: `https://${name}-app.example.test/api/negotiate`,
                endpoint: `https://${name}.example.test`,
                hubNames: ["hub"],
                principalId: `${name}-principal`,
                localSettings: secret(localSettings),
            },
        },
        { urn: keys, type: "azure-realtime:index:HostKeys", parent, outputs: {} },
        {
            urn: urn(`${kind}$azure-realtime:index:HostKeys$${password}`, `${name}-keys-extension-key`),
            type: password,
            parent: keys,
            outputs: { result: secret(`${name}-key`) },
        },
    ];
}

const exported = (outputs: object, ...resources: object[]) =>
    parseStackJson(
        JSON.stringify({
            version: 3,
            deployment: { resources: [{ urn: stackUrn, type: "pulumi:pulumi:Stack", outputs }, ...resources.flat()] },
        }),
    );

const read = (options: DeployedOptions) => {
    const { negotiateUrl, endpoint, service, webhookKey, principalId, connection } = readDeployed(options);
    return { negotiateUrl, endpoint, service, webhookKey, principalId, connection };
};

const chat = {
    negotiateUrl: "https://chat-app.example.test/api/negotiate",
    endpoint: "https://chat.example.test",
    service: "socketio",
    webhookKey: "chat-key",
    principalId: "chat-principal",
    connection: "identity",
};

describe("azure-realtime verify with any program's export", () => {
    it("reads a component that the program exports nothing of", () => {
        assert.deepEqual(read({ stack: exported({}, ...backend("chat")) }), chat);
    });

    it("prefers what the program exports, such as the app's own domain", () => {
        const negotiateUrl = "https://chat.example.com/api/negotiate";
        const stack = exported({ negotiateUrl }, ...backend("chat"));
        assert.deepEqual(read({ stack }), { ...chat, negotiateUrl });
    });

    it("asks which of several backends, and takes the one that is named", () => {
        const stack = exported({}, ...backend("chat"), ...backend("feed"));
        assert.throws(() => readDeployed({ stack }), /2 backends: chat, feed\. Name one with --component/);
        assert.throws(() => readDeployed({ stack, component: "x" }), /--component x: .* backends are: chat, feed/);
        assert.deepEqual(read({ stack, component: "chat" }), chat);
    });

    it("takes the backend whose addresses the program exports", () => {
        const stack = exported({ endpoint: chat.endpoint }, ...backend("feed"), ...backend("chat"));
        assert.deepEqual(read({ stack }), chat);
    });

    it("reads a backend that is composed of single resources", () => {
        const resource = (type: string, outputs: object) => ({ urn: urn(type, "x"), type, outputs });
        const stack = exported(
            {},
            resource("azure-native:webpubsub:WebPubSub", { hostName: "chat.example.test" }),
            resource("azure-native:web:WebApp", { defaultHostName: "chat-app.example.test" }),
        );
        const { negotiateUrl, endpoint } = readDeployed({ stack });
        assert.deepEqual([negotiateUrl, endpoint], [chat.negotiateUrl, chat.endpoint]);
    });
});
