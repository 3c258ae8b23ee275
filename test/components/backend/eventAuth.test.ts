import assert from "node:assert/strict";
import { backends, codePaths, kinds } from "../../support/backend";
import { type ProgramRun, type Properties, plain, runProgram } from "../../support/pulumi";
import { refusalOf } from "../../support/refusals";

const clientId = "11111111-aaaa-bbbb-cccc-222222222222";
const authType = "azure-native:web:WebAppAuthSettingsV2";

for (const { Backend, extension } of backends) {
    const isSignalR = extension === "signalr";
    const make = (args: object) => new Backend("chat", { codePath: codePaths[extension], ...args } as never);
    const run = (args: object, options = {}) => runProgram(() => make(args), options);
    const added = async (args: object) => {
        const [given, usual] = [kinds(await run(args)), kinds(await run({}))];
        return {
            more: given.filter((one) => !usual.includes(one)).sort(),
            less: usual.filter((one) => !given.includes(one)),
        };
    };
    const handlersOf = (made: ProgramRun<unknown>): Properties[] => {
        const [type, path] = isSignalR
            ? ["azure-native:signalrservice:SignalR", "upstream.templates"]
            : ["azure-native:webpubsub:WebPubSubHub", "properties.eventHandlers"];
        return plain(made.find(type), path) as Properties[];
    };

    describe(`${Backend.name} with eventAuth`, () => {
        it("adds App Service authentication and nothing else", async () => {
            assert.deepEqual(await added({ eventAuth: { clientId } }), {
                more: ["WebAppAuthSettingsV2 chat-app-auth"],
                less: [],
            });
            assert.ok(!(await run({})).types().includes(authType));
        });

        it("lets in the service alone, and leaves what lies below the route prefix open", async () => {
            const auth = (await run({ eventAuth: { clientId } })).find(authType);
            assert.deepEqual(plain(auth, "globalValidation"), {
                requireAuthentication: true,
                unauthenticatedClientAction: "Return401",
                excludedPaths: ["/api"],
            });
            const { registration, validation } = plain(auth, "identityProviders.azureActiveDirectory") as {
                registration: Properties;
                validation: Properties;
            };
            assert.deepEqual(registration, {
                clientId,
                openIdIssuer: "https://login.microsoftonline.com/tenant/v2.0",
            });
            assert.deepEqual(validation, {
                allowedAudiences: [clientId, `api://${clientId}`],
                defaultAuthorizationPolicy: {
                    allowedPrincipals: {
                        identities: [isSignalR ? "service-principal" : "principal of chat-service-identity-abc123"],
                    },
                },
            });
        });

        it("has the service send a token for it to the backend's own app, beside the key", async () => {
            const [own] = handlersOf(await run({ eventAuth: { clientId } }));
            assert.deepEqual(own?.auth, { type: "ManagedIdentity", managedIdentity: { resource: clientId } });
            assert.match(String(own?.urlTemplate), /\?code=\{@Microsoft\.KeyVault/);
            assert.equal(handlersOf(await run({}))[0]?.auth, undefined);
        });

        it("has it send no token of this app to handlers elsewhere", async () => {
            const elsewhere = [{ urlTemplate: "https://other.example.com/events" }, {}];
            const args = isSignalR
                ? { upstreamTemplates: elsewhere }
                : { hubs: [{ name: "hub", eventHandlers: elsewhere }] };
            const [other, own] = handlersOf(await run({ eventAuth: { clientId }, ...args }));
            assert.equal(other?.auth, undefined);
            assert.ok(own?.auth);
        });

        it("is there before the app gets its settings, and so before its code runs", async () => {
            const made = await run({ eventAuth: { clientId } });
            const settings = made.find("azure-native:web:WebAppApplicationSettings");
            assert.ok(made.comesAfter(settings, made.find(authType)));
            assert.ok(made.comesAfter(made.find(authType), made.find("azure-native:web:WebAppScmAllowed")));
        });

        it("with a login names the apps that may call, and signs in with the app's identity", async () => {
            const made = await run({ eventAuth: { clientId, login: true, openPaths: ["/api/index"] } });
            const auth = made.find(authType);
            assert.deepEqual(plain(auth, "globalValidation.excludedPaths"), ["/api/index"]);
            const directory = plain(auth, "identityProviders.azureActiveDirectory") as Record<string, Properties>;
            assert.equal(directory.registration?.clientSecretSettingName, "OVERRIDE_USE_MI_FIC_ASSERTION_CLIENTID");
            assert.deepEqual(directory.validation?.defaultAuthorizationPolicy, {
                allowedApplications: [
                    clientId,
                    isSignalR ? "service-client" : "client of chat-service-identity-abc123",
                ],
            });
            const settings = plain(made.find("azure-native:web:WebAppApplicationSettings"), "properties") as Properties;
            assert.equal(settings.OVERRIDE_USE_MI_FIC_ASSERTION_CLIENTID, "client of chat-app-identity-abc123");
        });

        for (const [args, expected] of [
            [{ clientId: "chat" }, /eventAuth\.clientId: "chat" is not a client id\. Allowed: .* a GUID\./],
            [
                { clientId, openPaths: ["/"] },
                /openPaths\[0\]: "\/" covers \/runtime\/webhooks, where the events arrive/,
            ],
            [{ clientId, openPaths: ["/run"] }, /openPaths\[0\]: "\/run" covers/],
            [{ clientId, openPaths: ["/Runtime/webhooks/x"] }, /openPaths\[0\]: .* covers/],
            [{ clientId, openPaths: ["/api/*"] }, /openPaths\[0\]: "\/api\/\*" is not a path\. Allowed:/],
            [{ clientId, openPaths: ["/api/%72"] }, /is not a path/],
            [{ clientId, openPaths: ["/api/../runtime"] }, /is not a path/],
            [{ clientId, openPaths: ["//api"] }, /is not a path/],
            [{ clientId, openPaths: ["api"] }, /is not a path/],
            [{ clientId, openPaths: ["/api?x=1"] }, /is not a path/],
            [
                { clientId, login: true, openPaths: ["/api"] },
                /openPaths: they cover \/api\/negotiate, so nobody would have to log in/,
            ],
            [{ clientId, issuer: "login" }, /eventAuth\.issuer: "login" is not a URL/],
        ] as const) {
            it(`refuses ${JSON.stringify(args)}`, async () => {
                assert.match(await refusalOf(() => make({ eventAuth: args })), expected);
            });
        }

        it("refuses a login without user-assigned identities, and a handler of its own app with another proof", async () => {
            const login = { eventAuth: { clientId, login: true } };
            assert.match(
                await refusalOf(() => make({ ...login, identityType: "SystemAssigned" })),
                /eventAuth\.login: it signs in with the app's user-assigned identity\. Use identityType UserAssigned\./,
            );
            if (!isSignalR) {
                assert.match(
                    await refusalOf(() => make({ ...login, serviceIdentityType: "SystemAssigned" })),
                    /eventAuth\.login: .*Use serviceIdentityType UserAssigned\./,
                );
            }
            for (const auth of [
                { type: "None" },
                { type: "ManagedIdentity", managedIdentity: { resource: "api://other" } },
            ]) {
                const handlers = [{ auth }];
                const args = isSignalR
                    ? { upstreamTemplates: handlers }
                    : { hubs: [{ name: "hub", eventHandlers: handlers }] };
                assert.match(
                    await refusalOf(() => make({ eventAuth: { clientId }, ...args })),
                    /\[0\]\.auth: eventAuth asks for the service's token .* Remove it: the component sets it\./,
                );
            }
        });

        it("warns when clients cannot negotiate", async () => {
            const { warnings } = await run({ eventAuth: { clientId, openPaths: ["/api/index"] } });
            assert.match(warnings.join(), /openPaths: they do not cover \/api\/negotiate, so it answers 401/);
        });
    });
}
