import type * as pulumi from "@pulumi/pulumi";
import type { FunctionRuntime } from "../functionApp/args";
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
}

/** Args of FunctionCode. */
export interface FunctionCodeArgs extends FunctionCodeOptionsArgs {
    /** Resource group of the package's storage account and of the app. */
    resourceGroupName: pulumi.Input<string>;
    /**
     * Name of the Flex Consumption app that fetches the package, known once the app has its roles and settings. Without it the
     * package is only uploaded, for an app that runs from `packageUri`.
     */
    functionAppName?: pulumi.Input<string>;
    /** Language of the code, which decides what an entry point is. Defaults to node. */
    runtime?: FunctionRuntime;
    /** The Functions extension that the code needs: socketio, webpubsub or signalr. host.json must then bring it. Defaults to none. */
    extension?: RealtimeExtension;
    /** Azure region of the account. Defaults to the provider's location, else to the resource group's. */
    location?: pulumi.Input<string>;
    /** Tags on the account. */
    tags?: pulumi.Input<{ [key: string]: pulumi.Input<string> }>;
}
