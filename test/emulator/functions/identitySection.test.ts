import assert from "node:assert/strict";
import { identityRequest } from "../../../emulator/functions/host/extensions/service/identitySection";
import { resolveEndpoints } from "../../../emulator/functions/host/extensions/signalr/endpoints";
import { resolveConnection } from "../../../emulator/functions/host/extensions/socketio/connection";
import { findConnection } from "../../../emulator/functions/host/extensions/webpubsub/connection";
import { createSettings } from "../../../emulator/functions/host/settings";

const resource = "https://x";
const ask = (values: Record<string, string>) =>
    identityRequest({
        name: "Chat",
        resource,
        section: createSettings(
            Object.fromEntries(Object.entries(values).map(([name, value]) => [`Chat__${name}`, value])),
        ).section("Chat"),
    });

// Source: CreateCredential of ClientFactory.cs, Microsoft.Extensions.Azure in Azure/azure-sdk-for-net.
describe("functions: the identity of a connection", () => {
    const taken: [values: Record<string, string>, clientId?: string][] = [
        [{}],
        [{ credential: "managedidentity" }],
        [{ credential: "ManagedIdentity", clientId: "c" }, "c"],
        [{ credential: "managedidentity", managedIdentityClientId: "m" }, "m"],
        [{ credential: "managedidentity", clientId: " ", managedIdentityResourceId: "" }],
        // Without a credential the vendor asks DefaultAzureCredential, with the client id as that of a managed identity.
        [{ clientId: "c" }, "c"],
        [{ clientId: "c", managedIdentityClientId: "m" }, "m"],
        [{ clientId: "c", tenantId: "t" }, "c"],
        [{ clientSecret: "s", clientId: "c" }, "c"],
        [{ credential: "managedidentity", tenantId: "t", clientId: "c", clientSecret: "s" }, "c"],
        [{ credential: "typo", CLIENTID: "c" }, "c"],
    ];
    for (const [values, clientId] of taken) {
        it(`takes ${JSON.stringify(values)}`, () => {
            assert.deepEqual(ask(values), clientId === undefined ? { resource } : { resource, clientId });
        });
    }

    const refused: [values: Record<string, string>, error: RegExp][] = [
        [{ credential: "WorkloadIdentity" }, /^App setting 'Chat__credential' is not supported by this host\. Use/],
        [{ credential: "managedidentityasfederatedidentity" }, /'Chat__credential' is not supported/],
        [{ credential: "azurepipelines" }, /'Chat__credential' is not supported/],
        [{ tenantId: "t", clientId: "c", clientSecret: "hidden" }, /'Chat__clientSecret' is not supported/],
        [{ tenantId: "t", clientId: "c", clientCertificate: "hidden" }, /'Chat__clientCertificate' is not supported/],
        [
            { credential: "managedidentity", clientId: "c", managedIdentityResourceId: "r" },
            /^Only one of the app settings 'Chat__clientId', 'Chat__managedIdentityResourceId' can be specified/,
        ],
        [{ credential: "managedidentity", managedIdentityObjectId: "o" }, /'Chat__managedIdentityObjectId' is not/],
        [{ managedIdentityResourceId: "/r" }, /'Chat__managedIdentityResourceId' is not supported/],
    ];
    for (const [values, error] of refused) {
        it(`refuses ${JSON.stringify(values)}`, () => {
            assert.throws(
                () => ask(values),
                (failure: Error) => error.test(failure.message) && !failure.message.includes("hidden"),
            );
        });
    }

    it("is read so for each service", () => {
        const settings = createSettings({
            Chat__serviceUri: "https://a",
            Chat__endpoint: "https://a",
            Chat__credential: "workloadidentity",
        });
        const host = { settings, token: async () => "" };
        for (const resolve of [resolveEndpoints, resolveConnection, findConnection]) {
            assert.throws(() => resolve({ name: "Chat", host }), /'Chat__credential' is not supported/);
        }
    });
});
