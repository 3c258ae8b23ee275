import * as pulumi from "@pulumi/pulumi";
import { startChecks } from "../shared/checks";
import type { RealtimeExtension } from "../shared/serviceKinds";
import { checkHostKeysArgs, HostKeySource } from "./check";
import { createDiscoveredKey, createHostKey, createVaultKeys } from "./sources";

/** What {@link HostKeys} are made of. */
export interface HostKeysArgs {
    /** The resource group of the vault, or of the Function App. */
    resourceGroupName: pulumi.Input<string>;
    /** The Functions extension whose key it is: socketio, webpubsub or signalr. */
    extension: RealtimeExtension;
    /**
     * Where the key comes from. KeyVault makes it and keeps it in a vault that is the host's key store. HostKey makes it and
     * hands it to the running host. Discovered reads the one that the extension made. Defaults to KeyVault.
     */
    source?: HostKeySource;
    /** Any text; another text makes another extension key. Not for Discovered, whose key is not ours. */
    keyRotation?: pulumi.Input<string>;
    /** Name of the Function App, known once the app can take the key. Needed for HostKey and Discovered. */
    appName?: pulumi.Input<string>;
    /** Name of the new vault, unique in all of Azure. Defaults to the component's name with a short random part. */
    vaultName?: pulumi.Input<string>;
    /** A vault with role-based access that exists already. It holds the keys of one Function App only: the host deletes others. */
    existingVaultName?: pulumi.Input<string>;
    /** The resource group of that vault. Defaults to `resourceGroupName`. */
    existingVaultResourceGroupName?: pulumi.Input<string>;
    /** Azure region of the vault. Defaults to the provider's location, else to the resource group's. */
    location?: pulumi.Input<string>;
    /** Tags on the vault and its secrets. */
    tags?: pulumi.Input<{ [key: string]: pulumi.Input<string> }>;
}

/**
 * The key that guards a Functions extension's webhook, ready before any code is.
 *
 * ```ts
 * const keys = new HostKeys("chat", { resourceGroupName: group.name, extension: "socketio" });
 * new FunctionApp("chat", {
 *     resourceGroupName: group.name,
 *     roles: [{ name: "keys", role: "b86a8fe4-44ce-4948-aee5-eccb2c155cd7", scope: keys.vaultId! }],
 *     requiredSettings: [
 *         { owner: "the key store", settings: keys.appSettings, clientIdSetting: "AzureWebJobsSecretStorageKeyVaultClientId" },
 *     ],
 * });
 * ```
 *
 * The role there is Key Vault Secrets Officer; the service that reads `code` needs Key Vault Secrets User on the same vault.
 */
export class HostKeys extends pulumi.ComponentResource {
    /** The key, secret. */
    public readonly key: pulumi.Output<string>;
    /** What stands behind `code=` in a URL template: a Key Vault reference, or the key itself, encoded and secret. */
    public readonly code: pulumi.Output<string>;
    /** The same as `code`, but with HostKey not waiting for the host to have the key: for a service that is made before it. */
    public readonly earlyCode: pulumi.Output<string>;
    /** App settings that make the host use the key; known once every key is in the vault. Empty without a vault. */
    public readonly appSettings: pulumi.Output<{ [key: string]: string }>;
    /** Azure Resource Manager id of the vault, when there is one. */
    public readonly vaultId?: pulumi.Output<string>;
    /** Name of the vault, when there is one. */
    public readonly vaultName?: pulumi.Output<string>;
    /** Address of the vault, when there is one. */
    public readonly vaultUri?: pulumi.Output<string>;

    constructor(name: string, args: HostKeysArgs, opts?: pulumi.ComponentResourceOptions) {
        super("azure-realtime:index:HostKeys", name, {}, opts);
        const checks = startChecks(`HostKeys "${name}"`);
        const checked = checkHostKeysArgs(checks, args);
        checks.refuse();

        const create = {
            [HostKeySource.KeyVault]: createVaultKeys,
            [HostKeySource.HostKey]: createHostKey,
            [HostKeySource.Discovered]: createDiscoveredKey,
        }[args.source ?? HostKeySource.KeyVault];
        const made = create({ name, args: checked, parent: this });
        this.key = made.key;
        this.code = made.code;
        this.earlyCode = made.earlyCode;
        this.appSettings = made.appSettings;
        this.vaultId = made.vault?.id;
        this.vaultName = made.vault?.name;
        this.vaultUri = made.vault?.uri;
        this.registerOutputs({
            key: this.key,
            code: this.code,
            earlyCode: this.earlyCode,
            appSettings: this.appSettings,
            vaultId: this.vaultId,
            vaultName: this.vaultName,
            vaultUri: this.vaultUri,
        });
    }
}
