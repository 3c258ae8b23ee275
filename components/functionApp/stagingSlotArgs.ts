import type * as pulumi from "@pulumi/pulumi";

/** A deployment slot: a second app beside the app, on its plan, that gets new code first. */
export interface StagingSlotOptions {
    /** Name of the slot, which ends its host name: 2-32 letters, digits and single hyphens; not production. Defaults to staging. */
    name?: string;
    /**
     * What follows the name of each hub in the settings of the slot, so that its code has hubs of its own: letters, digits and
     * underscores. Defaults to an underscore and the slot's name, as in `chat_staging`.
     */
    hubSuffix?: string;
}

/** A deployment slot whose host keeps its keys in a vault of its own. */
export interface StagingSlot extends StagingSlotOptions {
    /** Azure Resource Manager id of a vault for the keys of the slot's host alone, never the app's: HostKeys' `vaultId`. */
    vaultId: pulumi.Input<string>;
    /** URL of that vault, known once every key is in it: HostKeys' `vaultUri`. */
    vaultUri: pulumi.Input<string>;
}
