import * as pulumi from "@pulumi/pulumi";
import { keepNodes, nodesOf } from "../shared/nodes";
import { HostKeySource, type HostKeysArgs } from "./args";
import { checkHostKeysArgs } from "./check";
import { createDiscoveredKey, createHostKey, createVaultKeys, type HostKeysNodes } from "./sources";

export type { HostKeysNodes } from "./sources";

const createFrom = {
    [HostKeySource.KeyVault]: createVaultKeys,
    [HostKeySource.HostKey]: createHostKey,
    [HostKeySource.Discovered]: createDiscoveredKey,
};

/**
 * The key that guards the webhook of a Functions extension. With a vault, its default, the key exists before any code does.
 *
 * ```ts
 * const keys = new HostKeys("chat", { resourceGroupName: group.name, extension: "socketio" });
 * new FunctionApp("chat", {
 *     resourceGroupName: group.name,
 *     keyStore: { vaultId: keys.vaultId, vaultUri: keys.vaultUri },
 * });
 * ```
 *
 * FunctionApp gives its identity `Roles.keyVaultSecretsOfficer` on the vault. A service that reads `code` needs
 * `Roles.keyVaultSecretsUser` on it.
 */
export class HostKeys extends pulumi.ComponentResource {
    /** The key, secret. */
    public readonly key: pulumi.Output<string>;
    /** The value of `code=` in a URL: a Key Vault reference, or the key itself, encoded and secret. */
    public readonly code: pulumi.Output<string>;
    /** App settings that make a host use the key, for an app that is not a FunctionApp. Known once every key is in the vault; empty without a vault. */
    public readonly appSettings: pulumi.Output<{ [key: string]: string }>;
    /** Azure Resource Manager id of the vault; empty without a vault. */
    public readonly vaultId: pulumi.Output<string>;
    /** Name of the vault; empty without a vault. */
    public readonly vaultName: pulumi.Output<string>;
    /** URL of the vault, known once every key is in it; empty without a vault. */
    public readonly vaultUri: pulumi.Output<string>;

    constructor(name: string, args: HostKeysArgs, opts?: pulumi.ComponentResourceOptions) {
        super("azure-realtime:index:HostKeys", name, {}, opts);
        const checked = checkHostKeysArgs(`HostKeys "${name}"`, args);
        const made = createFrom[checked.source ?? HostKeySource.KeyVault](name, checked, { parent: this });

        keepNodes<HostKeysNodes>(this, made.nodes);
        this.key = made.key;
        this.code = made.code;
        this.appSettings = made.appSettings;
        this.vaultId = made.vault?.id ?? pulumi.output("");
        this.vaultName = made.vault?.name ?? pulumi.output("");
        this.vaultUri = made.vault?.uri ?? pulumi.output("");
        this.registerOutputs({
            key: this.key,
            code: this.code,
            appSettings: this.appSettings,
            vaultId: this.vaultId,
            vaultName: this.vaultName,
            vaultUri: this.vaultUri,
        });
    }

    /** The resources inside, for what their own options and outputs allow. */
    get nodes(): HostKeysNodes {
        return nodesOf(this);
    }
}
