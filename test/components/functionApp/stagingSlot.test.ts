import assert from "node:assert/strict";
import { FunctionApp, type FunctionAppArgs, FunctionCode } from "../../../components";
import { codePaths, roleType, settingsOf } from "../../support/backend";
import { plain, runProgram } from "../../support/pulumi";
import { refusalOf } from "../../support/refusals";

const slotSettingsType = "azure-native:web:WebAppApplicationSettingsSlot";
const premium = { plan: "ElasticPremium" } as const;

describe("the slot of an app that stands alone", () => {
    const id = "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/g/providers";
    const vault = { vaultId: `${id}/Microsoft.KeyVault/vaults/slot`, vaultUri: "https://slot.vault.azure.net/" };
    const keyStore = { vaultId: `${id}/Microsoft.KeyVault/vaults/app`, vaultUri: "https://app.vault.azure.net/" };
    const args: FunctionAppArgs = {
        resourceGroupName: "group",
        ...premium,
        packageUri: "https://packages/new.zip",
        keyStore,
        stagingSlot: vault,
    };

    it("is there with an app whose keys are in a vault", async () => {
        const made = await runProgram(() => new FunctionApp("chat", args));
        const slot = plain(made.find(slotSettingsType), "properties") as Record<string, string>;
        assert.equal(slot.AzureWebJobsSecretStorageKeyVaultUri, vault.vaultUri);
        assert.equal(settingsOf(made).AzureWebJobsSecretStorageKeyVaultUri, keyStore.vaultUri);
        assert.ok(made.names(roleType).includes("chat-staging-key-store"));
    });

    const refused: [Partial<FunctionAppArgs>, RegExp][] = [
        [{ keyStore: undefined }, /stagingSlot: the keys of the app must be in a vault too. Give keyStore/],
        [{ stagingSlot: { ...vault, vaultId: "slot" } }, /stagingSlot.vaultId: "slot"/],
        [{ stagingSlot: { ...vault, name: "x" } }, /stagingSlot.name: "x" is not a name of a slot/],
        [{ plan: "Dedicated", packageUri: undefined }, /stagingSlot: B1, the default of planSku/],
    ];
    for (const [change, message] of refused) {
        it(`is refused with ${JSON.stringify(change)}`, async () => {
            assert.match(await refusalOf(() => new FunctionApp("chat", { ...args, ...change })), message);
        });
    }

    it("takes code on a Dedicated plan, with the name of its app", async () => {
        const code = { resourceGroupName: "group", codePath: codePaths.webpubsub, stagingSlotName: "staging" };
        assert.match(
            await refusalOf(() => new FunctionCode("chat", { ...code, plan: "Dedicated" })),
            /stagingSlotName: it is a slot of an app, and functionAppName is missing/,
        );
        assert.match(
            await refusalOf(() => new FunctionCode("chat", { ...code, functionAppName: "app" })),
            /stagingSlotName: Azure deploys packages to slots on plan Dedicated only/,
        );
    });
});
