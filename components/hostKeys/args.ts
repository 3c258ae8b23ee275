import type * as pulumi from "@pulumi/pulumi";
import type { Naming } from "../shared/namingArgs";
import type { PrivateEndpointPlace, PublicNetworkAccess } from "../shared/privateEndpoint";
import type { RealtimeExtension } from "../shared/serviceKinds";

/** Where the key of an extension's webhook comes from. */
export const HostKeySource = {
    /** The stack creates the key and keeps it in a vault that is the host's key store. */
    KeyVault: "KeyVault",
    /** The stack creates the key and hands it to the running host through Azure Resource Manager. */
    HostKey: "HostKey",
    /** The extension creates the key when its code first runs, and the stack reads it. */
    Discovered: "Discovered",
} as const;
export type HostKeySource = (typeof HostKeySource)[keyof typeof HostKeySource];

/** Options of the keys; backends take the same. */
export interface HostKeysOptionsArgs {
    // Keys
    /** Any text. Another text creates another key of the extension. Refused for Discovered, whose key is not the stack's. */
    keyRotation?: pulumi.Input<string>;
    /**
     * Whether Pulumi refuses to delete the vault that is created here. Before a destroy, set it to false and update. Defaults to false.
     */
    protectData?: boolean;
    /** Name of the new vault, unique in all of Azure. Defaults to the component's name with a short random part. */
    vaultName?: pulumi.Input<string>;

    // Existing resources
    /**
     * Azure Resource Manager id of a vault with role-based access. It holds the keys of one Function App only, because the host
     * deletes keys that it does not know. Defaults to a new vault.
     */
    vaultId?: pulumi.Input<string>;
}

/** Args of HostKeys. */
export interface HostKeysArgs extends HostKeysOptionsArgs {
    /** Resource group of the vault, or of the Function App. */
    resourceGroupName: pulumi.Input<string>;
    /** The Functions extension whose key it is: socketio, webpubsub or signalr. */
    extension: RealtimeExtension;
    /** Where the key comes from. Defaults to KeyVault. */
    source?: HostKeySource;
    /**
     * The key itself, for apps that share an address: an event may reach any of them, so all of them take one key. 32-128 letters,
     * digits, hyphens and underscores, kept secret. Refused for Discovered, and beside keyRotation. Defaults to a key made here.
     */
    key?: pulumi.Input<string>;
    /** Name of the Function App, known once the app can take the key. Required for HostKey and Discovered. */
    functionAppName?: pulumi.Input<string>;
    /** How new resources are called. Defaults to the component's name with a random part. */
    naming?: pulumi.Input<Naming>;
    /**
     * Where the private endpoint of the new vault goes. Defaults to none. With it, the app and the service reach the vault only through
     * a network that has the endpoint, or a shared private link; see `publicNetworkAccess`.
     */
    privateEndpoint?: pulumi.Input<PrivateEndpointPlace>;
    /** Whether the new vault can be reached from the internet, with a role. Defaults to Disabled with `privateEndpoint`, else to Enabled. */
    publicNetworkAccess?: pulumi.Input<PublicNetworkAccess>;
    /** Azure region of the vault. Defaults to the provider's location, else to the resource group's. */
    location?: pulumi.Input<string>;
    /** Tags on the vault and its secrets. */
    tags?: pulumi.Input<{ [key: string]: pulumi.Input<string> }>;
}
