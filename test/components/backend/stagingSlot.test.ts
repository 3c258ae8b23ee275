import assert from "node:assert/strict";
import { WebPubSubBackend } from "../../../components";
import type { HubBackendArgs } from "../../../components/backend/args";
import { deploymentType, hubBackends, hubType, kinds, roleType, settingsOf } from "../../support/backend";
import { functionFolder, smallestAppFor } from "../../support/functionFolder";
import { failureOf, type Properties, plain, runProgram } from "../../support/pulumi";

const slotSettingsType = "azure-native:web:WebAppApplicationSettingsSlot";
const premium = { plan: "ElasticPremium" } as const;
const dedicated = { plan: "Dedicated", planSku: "S1" } as const;
const stagingSlot = {};

/** Answers the lookups of an app that runs one package while its slot has another. */
const swapped = (token: string): Properties | undefined =>
    token === "azure-native:web:getWebAppSlot"
        ? { name: "chat/staging" }
        : token === "azure-native:web:listWebAppApplicationSettings"
          ? { properties: { WEBSITE_RUN_FROM_PACKAGE: "https://packages/running.zip", Greeting: "old" } }
          : undefined;

for (const backend of hubBackends) {
    describe(`${backend.component} with a staging slot`, () => {
        const run = (args: Partial<HubBackendArgs> = {}, options = {}) =>
            backend.run({ ...premium, stagingSlot, ...args }, options);
        const more = async (base: Partial<HubBackendArgs>) => {
            const usual = kinds(await backend.run(base));
            const made = kinds(await backend.run({ ...base, stagingSlot }));
            assert.deepEqual(
                usual.filter((one) => !made.includes(one)),
                [],
            );
            return made.filter((one) => !usual.includes(one)).sort();
        };
        const everyPlan = [
            "RandomPassword chat-staging-keys-extension-key",
            "RandomString chat-staging-keys-suffix",
            "RoleAssignment chat-app-staging-key-store",
            "RoleAssignment chat-staging-service-vault-reader",
            "Secret chat-staging-keys-system",
            "Vault chat-staging-keys",
            "WebAppApplicationSettingsSlot chat-app-slot-settings",
            "WebAppFtpAllowedSlot chat-app-slot-ftp",
            "WebAppScmAllowedSlot chat-app-slot-scm",
            "WebAppSlot chat-app-slot",
            "WebAppSlotConfigurationNames chat-app-sticky",
            "WebPubSubHub chat-staging-hub_staging",
        ];

        it("adds exactly the slot, its key and its hub, and nothing without it", async () => {
            const added = await more(premium);
            const keys = added.filter((one) => / chat-staging-keys/.test(one));
            const usualKeys = kinds(await backend.run(premium)).filter((one) => / chat-keys/.test(one));
            assert.deepEqual(keys.map((one) => one.replace("chat-staging-keys", "chat-keys")).length, usualKeys.length);
            assert.deepEqual(
                added.filter((one) => !keys.includes(one)),
                everyPlan.filter((one) => !/ chat-staging-keys/.test(one)),
            );
            assert.deepEqual(
                (await more(dedicated)).filter((one) => !added.includes(one)),
                ["Deployment chat-code-staging"],
            );
        });

        it("gives the slot the app's settings, except for what sticks to each of the two", async () => {
            const made = await run({ hubs: [{ name: "chat" }, { name: "games" }] });
            const own = settingsOf(made);
            const slot = plain(made.find(slotSettingsType), "properties") as Record<string, string>;
            const { hubSetting } = backend;
            const sticky = plain(
                made.find("azure-native:web:WebAppSlotConfigurationNames"),
                "appSettingNames",
            ) as string[];
            assert.deepEqual(sticky, [
                "AzureWebJobsSecretStorageKeyVaultUri",
                "AzureFunctionsWebHost__hostid",
                hubSetting,
                `${hubSetting}_chat`,
                `${hubSetting}_games`,
            ]);
            const differing = Object.keys({ ...own, ...slot }).filter((key) => own[key] !== slot[key]);
            assert.deepEqual(differing.sort(), [...sticky].sort());
            assert.equal(slot[`${hubSetting}_games`], "games_staging");
            assert.equal(
                slot.AzureWebJobsSecretStorageKeyVaultUri,
                "https://chat-staging-keys-abc123.vault.azure.net/",
            );
            assert.match(slot.AzureFunctionsWebHost__hostid ?? "", /^[a-z0-9]{32}$/);
        });

        it("sends the events of the slot's hubs to the slot, with the slot's key", async () => {
            const made = await run({ hubs: [{ name: "chat" }] });
            const url = (name: string) =>
                String(plain(made.find(hubType, name), "properties.eventHandlers.0.urlTemplate"));
            assert.match(
                url("chat-staging-chat_staging"),
                /^https:\/\/chat-app-abc123-staging\.azurewebsites\.net\/runtime\/webhooks\/.*\?code=\{@Microsoft\.KeyVault\(SecretUri=https:\/\/chat-staging-keys-abc123\./,
            );
            assert.match(
                url("chat-chat"),
                /^https:\/\/chat-app-abc123\.azurewebsites\.net\/.*https:\/\/chat-keys-abc123\./,
            );
            assert.equal(plain(made.find(hubType, "chat-staging-chat_staging"), "hubName"), "chat_staging");
            assert.ok(made.comesAfter(made.find(hubType, "chat-staging-chat_staging"), made.find(slotSettingsType)));
            assert.ok(
                made.comesAfter(
                    made.find(hubType, "chat-staging-chat_staging"),
                    made.find(roleType, "chat-staging-service-vault-reader"),
                ),
            );
        });

        it("starts the slot with the app's identity, after its role on the slot's vault", async () => {
            const made = await run();
            const slot = made.find("azure-native:web:WebAppSlot");
            const app = made.find("azure-native:web:WebApp");
            for (const key of ["identity", "keyVaultReferenceIdentity", "siteConfig", "serverFarmId", "httpsOnly"]) {
                assert.deepEqual(plain(slot, key), plain(app, key), key);
            }
            assert.ok(made.comesAfter(made.find(slotSettingsType), made.find(roleType, "chat-app-staging-key-store")));
            // Azure changes a site once at a time, and a SignalR Service needs the slot's name before the app has its settings.
            const inOrder = [
                "WebAppScmAllowed",
                "WebAppSlotConfigurationNames",
                "WebAppSlot",
                "WebAppFtpAllowedSlot",
                "WebAppScmAllowedSlot",
                "WebAppApplicationSettings",
                "WebAppApplicationSettingsSlot",
            ].map((type) => made.find(`azure-native:web:${type}`));
            for (const [index, later] of inOrder.entries()) {
                const earlier = inOrder[index - 1];
                assert.ok(earlier === undefined || made.comesAfter(later, earlier), later.type);
            }
        });

        it("leaves the app the package that it runs, whichever the swap gave it, and gives the slot the new one", async () => {
            const first = await run();
            const made = await run({}, { invoke: swapped });
            const newest = settingsOf(first).WEBSITE_RUN_FROM_PACKAGE;
            assert.match(newest ?? "", /\/released-package\.zip$/);
            assert.equal(settingsOf(made).WEBSITE_RUN_FROM_PACKAGE, "https://packages/running.zip");
            assert.equal(settingsOf(made).Greeting, undefined);
            const slot = plain(made.find(slotSettingsType), "properties") as Record<string, string>;
            assert.equal(slot.WEBSITE_RUN_FROM_PACKAGE, newest);
            // Without the slot the app gets the program's code again, and nothing is looked up.
            const without = await backend.run(premium, { invoke: swapped });
            assert.equal(settingsOf(without).WEBSITE_RUN_FROM_PACKAGE, newest);
            assert.deepEqual(
                without.invokes.filter(({ token }) => /Slot|ApplicationSettings/.test(token)),
                [],
            );
        });

        it("stops where the lookup of the running package fails, instead of writing another", async () => {
            const invoke = (token: string) => {
                if (token === "azure-native:web:getWebAppSlot") {
                    const details = 'Status=403 Code="AuthorizationFailed"';
                    throw Object.assign(new Error(details), { details });
                }
                return undefined;
            };
            assert.match((await failureOf(() => run({}, { invoke }))).message, /AuthorizationFailed/);
        });

        it("deploys to the slot on a Dedicated plan that does not run from a URL", async () => {
            const made = await run({ ...dedicated });
            const templateOf = (name: string) =>
                plain(made.find(deploymentType, name), "properties.template.resources.0") as Properties;
            assert.equal(templateOf("chat-code").type, "Microsoft.Web/sites/extensions");
            const staged = templateOf("chat-code-staging");
            assert.equal(staged.type, "Microsoft.Web/sites/slots/extensions");
            assert.equal(staged.name, "[concat(parameters('appName'), '/', parameters('slotName'), '/onedeploy')]");
            assert.equal(
                plain(made.find(deploymentType, "chat-code-staging"), "properties.parameters.slotName.value"),
                "staging",
            );
            assert.ok(made.comesAfter(made.find(deploymentType, "chat-code-staging"), made.find(slotSettingsType)));
            const url = await run({ ...dedicated, packageDelivery: "Url" });
            assert.deepEqual(url.names(deploymentType), []);
        });

        it("shows every resource in a preview", async () => {
            assert.deepEqual(kinds(await run({}, { preview: true })).sort(), kinds(await run()).sort());
        });

        it("takes a name and a suffix, and answers with the slot's negotiate URL", async () => {
            const made = await run({ stagingSlot: { name: "pre-prod", hubSuffix: "Next" } });
            assert.equal(plain(made.find("azure-native:web:WebAppSlot"), "slot"), "pre-prod");
            assert.deepEqual(made.names(hubType), ["chat-hub", "chat-staging-hubNext"]);
            const plainName = await run({ stagingSlot: { name: "pre-prod" } });
            assert.deepEqual(plainName.names(hubType), ["chat-hub", "chat-staging-hub_pre_prod"]);
        });

        it("locks and protects the slot's vault as the app's", async () => {
            const lockType = "azure-native:authorization:ManagementLockByScope";
            const made = await run({ lockData: true, protectData: true });
            const usual = await backend.run({ ...premium, lockData: true });
            assert.deepEqual(
                made.names(lockType).filter((one) => !usual.names(lockType).includes(one)),
                ["chat-staging-vault-lock"],
            );
            assert.ok(made.resources.filter(({ type }) => type.endsWith(":Vault")).every(({ protect }) => protect));
        });

        it("names the slot's vault by the scheme", async () => {
            const naming = { template: "{kind}-{name}-{suffix}", name: "acme" };
            const made = await run({ naming });
            assert.deepEqual(
                made.resources
                    .filter(({ type }) => type.endsWith(":Vault"))
                    .map((one) => plain(one, "vaultName"))
                    .sort(),
                ["kv-acme-abc123", "kvslot-acme-abc123"],
            );
        });

        it("tells who assigns roles of the slot's vault too", async () => {
            const { warnings } = await run({ assignRoles: false });
            const service = warnings.filter((text) => text.startsWith('service of "chat":'));
            assert.equal(service.length, 2, warnings.join("\n"));
            assert.match(service.join(), /vaults\/chat-staging-keys-abc123/);
        });

        const refused: [title: string, args: Partial<HubBackendArgs>, message: RegExp][] = [
            [
                "on Flex Consumption",
                { plan: "FlexConsumption" },
                /stagingSlot: plan FlexConsumption has no slot.*siteUpdateStrategy RollingUpdate/,
            ],
            [
                "on Consumption",
                { plan: "Consumption" },
                /stagingSlot: plan Consumption has no slot.*Use plan ElasticPremium/,
            ],
            [
                "on the default size of Dedicated",
                { plan: "Dedicated" },
                /stagingSlot: B1, the default of planSku, is a Basic size.*planSku S1/,
            ],
            ["on a Basic size", { plan: "Dedicated", planSku: "B3" }, /planSku: stagingSlot: B3 is a Basic size/],
            ["with keys elsewhere", { keySource: "HostKey" }, /stagingSlot: keySource HostKey.*Use KeyVault/],
            [
                "with a private app",
                { privateNetwork: { app: "Private" } },
                /stagingSlot: privateNetwork\.app Private.*leads to an app, to none of its slots.*Set privateNetwork\.app Public/,
            ],
            [
                "with a system-assigned identity",
                { identityType: "SystemAssigned" },
                /stagingSlot: a slot does not have the system-assigned.*UserAssigned/,
            ],
            [
                "named production",
                { stagingSlot: { name: "Production" } },
                /stagingSlot.name: "Production" is not a name of a slot/,
            ],
            ["named with an underscore", { stagingSlot: { name: "a_b" } }, /stagingSlot.name: "a_b" is not a name/],
            [
                "with an empty suffix",
                { stagingSlot: { hubSuffix: "" } },
                /stagingSlot.hubSuffix: "" cannot end the name of a hub/,
            ],
            [
                "whose hub is a hub of the app",
                { hubs: [{ name: "a" }, { name: "A_staging" }] },
                /stagingSlot.hubSuffix: the slot's hub for "a" would be "A_staging"/,
            ],
            [
                "whose hub's name gets too long",
                { hubs: [{ name: "a".repeat(125) }] },
                /stagingSlot.hubSuffix: with hub .*is not a valid name/,
            ],
        ];
        for (const [title, args, message] of refused) {
            it(`is refused ${title}`, async () => {
                await assert.rejects(run(args), message);
            });
        }
    });
}

describe("A backend with a staging slot", () => {
    it("warns of triggers that name their hub themselves", async () => {
        const codePath = functionFolder({
            ...smallestAppFor("webpubsub"),
            "dist/index.js": `app.webPubSub("own", { hub: "chat", eventName: "message", eventType: "user", handler });`,
        });
        const make = (stagingSlot?: object) =>
            runProgram(
                () => new WebPubSubBackend("chat", { ...premium, codePath, hubs: [{ name: "chat" }], stagingSlot }),
            );
        const heard = (text: string) =>
            /triggers in the code name the hub "chat" itself.*Bind %WebPubSubHub%/.test(text);
        assert.ok((await make({})).warnings.some(heard));
        assert.ok(!(await make()).warnings.some(heard));
    });
});
