import type * as pulumi from "@pulumi/pulumi";
import { FunctionApp, FunctionCode, HostKeys, type WebPubSubService } from "azure-realtime";

export interface RegionArgs {
    resourceGroupName: pulumi.Input<string>;
    location: string;
    /** Folder with the built function app. */
    codePath: string;
    /** Key of the webhook, the same in every region. */
    key: pulumi.Input<string>;
    service: WebPubSubService;
}

/** The app of one region, with its code, and with a vault of its own: a host deletes keys in its vault that it does not know. */
export function createRegion(name: string, { resourceGroupName, location, codePath, key, service }: RegionArgs) {
    const keys = new HostKeys(name, { resourceGroupName, location, extension: "webpubsub", key });
    const app = new FunctionApp(name, {
        resourceGroupName,
        location,
        keyStore: { vaultId: keys.vaultId, vaultUri: keys.vaultUri },
        connections: [
            { service: "webpubsub", serviceId: service.serviceId, endpoint: service.endpoint, hubNames: ["chat"] },
        ],
    });
    const code = new FunctionCode(name, {
        resourceGroupName,
        location,
        codePath,
        extension: "webpubsub",
        functionAppName: app.functionAppName,
    });
    return { keys, app, code };
}
