import type * as pulumi from "@pulumi/pulumi";
import type { FunctionRuntime, HostingPlan, PackageDelivery } from "../functionApp/args";
import type { Naming } from "../shared/namingArgs";
import type { PrivateEndpointPlace } from "../shared/privateEndpoint";
import type { RealtimeExtension } from "../shared/serviceKinds";

/** Options of function code; backends take the same. */
export interface FunctionCodeOptionsArgs {
    // Code
    /**
     * Folder that holds host.json, built and ready to run, without what .funcignore lists. A relative path starts at the folder
     * that the Pulumi program runs in: the folder of `main` in Pulumi.yaml.
     */
    codePath: string;
    /** Name of the new account that holds nothing but packages, unique in all of Azure. Defaults to the component's name with a short random part. */
    packageAccountName?: pulumi.Input<string>;
    /**
     * Whether Pulumi refuses to delete the account that is created here for packages. Before a destroy, set it to false and update. Defaults to false.
     */
    protectData?: boolean;
    /** Whether Azure installs the packages that the code asks for; FlexConsumption only. Defaults to false: the folder is complete. */
    remoteBuild?: boolean;
    /**
     * Whether to deploy a Socket.IO trigger on FlexConsumption, where Azure is reported to answer its events with 404. Defaults to
     * false: refused before anything is created.
     */
    allowSocketIOTriggerOnFlex?: boolean;
}

/** Args of FunctionCode. */
export interface FunctionCodeArgs extends FunctionCodeOptionsArgs {
    /** Resource group of the package's storage account and of the app. */
    resourceGroupName: pulumi.Input<string>;
    /**
     * Name of the app that Azure deploys the package to, known once the app has its roles and settings. Without it the package is
     * only uploaded, for an app that runs from `packageUri`.
     */
    functionAppName?: pulumi.Input<string>;
    /**
     * Name of the app's slot that Azure deploys every package to, known once the slot has its settings. Then the app itself gets the
     * package of its creation alone, and others by a swap. Goes with `functionAppName`. Defaults to none.
     */
    stagingSlotName?: pulumi.Input<string>;
    /**
     * Whether packages of earlier updates stay, for apps and slots that run from them. They go with the account. Defaults to false.
     */
    keepPackages?: boolean;
    /** Plan that the app runs on. Defaults to FlexConsumption. */
    plan?: HostingPlan;
    /** How code reaches an app on a Dedicated plan. Defaults to Extracted. */
    packageDelivery?: PackageDelivery;
    /** Whether the app survives the loss of a zone; then the account does too. Defaults to false. */
    zoneRedundant?: boolean;
    /** Language of the code, which decides what an entry point is. Defaults to node. */
    runtime?: FunctionRuntime;
    /** The Functions extension that the code needs: socketio, webpubsub or signalr. host.json must then bring it. Defaults to none. */
    extension?: RealtimeExtension;
    /** How new resources are called. Defaults to the component's name with a random part. */
    naming?: pulumi.Input<Naming>;
    /**
     * Public IPv4 addresses and ranges (to /30) that may reach the account of the packages; then everybody else needs `privateEndpoint`.
     * They never match callers in the account's own Azure region. Refused where the app runs from the package's URL. Defaults to
     * none: the account is open, and reading it takes a role or a signature.
     */
    deployerIpRanges?: pulumi.Input<pulumi.Input<string>[]>;
    /** Where the private endpoint of the account goes, through which the app fetches its package. Goes with `deployerIpRanges`. */
    privateEndpoint?: pulumi.Input<PrivateEndpointPlace>;
    /** Azure region of the account. Defaults to the provider's location, else to the resource group's. */
    location?: pulumi.Input<string>;
    /** Tags on the account. */
    tags?: pulumi.Input<{ [key: string]: pulumi.Input<string> }>;
}
