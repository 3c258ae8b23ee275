import assert from "node:assert/strict";
import { backends, codePaths, kinds } from "../../support/backend";
import { type ProgramRun, plain, runProgram } from "../../support/pulumi";
import { refusalOf } from "../../support/refusals";

const clientId = "11111111-aaaa-bbbb-cccc-222222222222";
const premium = { plan: "ElasticPremium" };

for (const { Backend, extension } of backends) {
    const isSignalR = extension === "signalr";
    const make = (args: object) =>
        new Backend("chat", { codePath: codePaths[extension], ...premium, ...args } as never);
    const run = (args: object, options = {}) => runProgram(() => make(args), options);
    /** What a slot adds to a backend with these options. */
    const added = async (args: object) => {
        const [given, usual] = [kinds(await run({ ...args, stagingSlot: {} })), kinds(await run(args))];
        assert.deepEqual(
            usual.filter((one) => !given.includes(one)),
            [],
        );
        return given.filter((one) => !usual.includes(one)).sort();
    };
    const alone = async (args: object) => {
        const usual = await added({});
        return (await added(args)).filter((one) => !usual.includes(one));
    };
    const order = (made: ProgramRun<unknown>, names: [type: string, name?: string][]) => {
        const found = names.map(([type, name]) => made.find(`azure-native:${type}`, name));
        for (const [index, later] of found.entries()) {
            const earlier = found[index - 1];
            assert.ok(earlier === undefined || made.comesAfter(later, earlier), `${later.type} ${later.name}`);
        }
    };

    describe(`${Backend.name} with a staging slot and other options`, () => {
        it("asks for the service's token in the slot as in the app, before either has settings", async () => {
            assert.deepEqual(await alone({ eventAuth: { clientId } }), ["WebAppAuthSettingsV2Slot chat-app-slot-auth"]);
            const made = await run({ eventAuth: { clientId }, stagingSlot: { name: "next" } });
            const [ofApp, ofSlot] = ["WebAppAuthSettingsV2", "WebAppAuthSettingsV2Slot"].map((type) =>
                made.find(`azure-native:web:${type}`),
            );
            const { slot, ...others } = ofSlot?.inputs ?? {};
            assert.equal(slot, "next");
            assert.deepEqual(others, ofApp?.inputs);
            order(made, [
                ["web:WebAppScmAllowedSlot"],
                ["web:WebAppAuthSettingsV2"],
                ["web:WebAppApplicationSettings"],
                ["web:WebAppAuthSettingsV2Slot"],
                ["web:WebAppApplicationSettingsSlot"],
            ]);
        });

        it("has the service prove itself to the slot too", async () => {
            const made = await run({ eventAuth: { clientId }, stagingSlot: {} });
            const proofs = isSignalR
                ? (plain(made.find("azure-native:signalrservice:SignalR"), "upstream.templates") as { auth?: object }[])
                : made
                      .names("azure-native:webpubsub:WebPubSubHub")
                      .flatMap(
                          (name) =>
                              plain(
                                  made.find("azure-native:webpubsub:WebPubSubHub", name),
                                  "properties.eventHandlers",
                              ) as { auth?: object }[],
                      );
            assert.equal(proofs.length, 2);
            for (const { auth } of proofs) {
                assert.deepEqual(auth, { type: "ManagedIdentity", managedIdentity: { resource: clientId } });
            }
        });

        it("puts the slot and its vault into the private network", async () => {
            const link = isSignalR
                ? []
                : [
                      "Deployment chat-staging-vault-link-approval",
                      "WebPubSubSharedPrivateLinkResource chat-staging-vault-link",
                  ];
            assert.deepEqual(
                await alone({ privateNetwork: {} }),
                [
                    "PrivateDnsZoneGroup chat-staging-keys-vault",
                    "PrivateEndpoint chat-staging-keys-vault",
                    ...link,
                ].sort(),
            );
            const made = await run({ privateNetwork: {}, stagingSlot: {} });
            const [app, slot] = ["WebApp", "WebAppSlot"].map((type) => made.find(`azure-native:web:${type}`));
            for (const key of ["virtualNetworkSubnetId", "outboundVnetRouting", "publicNetworkAccess"]) {
                assert.deepEqual(slot && plain(slot, key), app && plain(app, key), key);
            }
            const access = (name: string) =>
                plain(made.find("azure-native:keyvault:Vault", name), "properties.publicNetworkAccess");
            assert.equal(access("chat-staging-keys"), access("chat-keys"));
            assert.equal(access("chat-staging-keys"), isSignalR ? "Enabled" : "Disabled");
            order(made, [
                ["network:PrivateEndpoint", "chat-staging-keys-vault"],
                ["web:WebAppApplicationSettingsSlot"],
            ]);
            if (!isSignalR) {
                const linkType = "webpubsub:WebPubSubSharedPrivateLinkResource";
                const one = made.find(`azure-native:${linkType}`, "chat-staging-vault-link");
                assert.equal(plain(one, "sharedPrivateLinkResourceName"), "staging-vault");
                assert.equal(plain(one, "groupId"), "vault");
                assert.match(String(plain(one, "privateLinkResourceId")), /vaults\/chat-staging-keys-abc123$/);
                assert.match(String(plain(one, "requestMessage")), /^azure-realtime: .* to staging-vault$/);
                // A service takes one change at a time, and its hub reads the key through the link.
                order(made, [
                    ["resources:Deployment", "chat-vault-link-approval"],
                    [linkType, "chat-staging-vault-link"],
                    ["resources:Deployment", "chat-staging-vault-link-approval"],
                    ["webpubsub:WebPubSubHub", "chat-staging-hub_staging"],
                ]);
            }
        });

        it("logs the slot and its vault beside the app's", async () => {
            const settings = (made: ProgramRun<unknown>) => made.names("azure-native:monitor:DiagnosticSetting");
            assert.deepEqual(await alone({ diagnostics: {} }), [
                "DiagnosticSetting chat-diagnostics-staging-app",
                "DiagnosticSetting chat-diagnostics-staging-vault",
            ]);
            const made = await run({ diagnostics: {}, stagingSlot: {} });
            assert.equal(settings(made).length, 7);
            const slot = made.find("azure-native:monitor:DiagnosticSetting", "chat-diagnostics-staging-app");
            assert.match(String(plain(slot, "resourceUri")), /\/sites\/chat-app-abc123\/slots\/staging$/);
            assert.deepEqual(plain(slot, "logs"), [{ category: "FunctionAppLogs", enabled: true }]);
        });

        it("shows every resource of all of it in a preview", async () => {
            const args = {
                stagingSlot: {},
                eventAuth: { clientId },
                privateNetwork: {},
                diagnostics: {},
                lockData: true,
            };
            assert.deepEqual(kinds(await run(args, { preview: true })).sort(), kinds(await run(args)).sort());
        });

        // SignalR has no links there.
        const replicas = [{ name: "us", location: "westus2" }];
        it(isSignalR ? "takes replicas" : "names the vaults whose links a replica waits for", async () => {
            const args = { sku: "Premium_P1", stagingSlot: {}, privateNetwork: {}, replicas };
            if (isSignalR) {
                assert.ok((await run(args)).types().includes("azure-native:signalrservice:SignalRReplica"));
                return;
            }
            assert.match(
                await refusalOf(() => make(args)),
                /on the networking page of the vault and of the vault of the staging slot,/,
            );
        });
    });
}
