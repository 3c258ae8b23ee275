import { Roles } from "../rules/roles";

/** Functions extensions that receive a realtime service's events. */
export const RealtimeExtension = {
    SocketIO: "socketio",
    WebPubSub: "webpubsub",
    SignalR: "signalr",
} as const;
export type RealtimeExtension = (typeof RealtimeExtension)[keyof typeof RealtimeExtension];

/** What differs between the realtime services; everything else in the composition is shared. */
export interface ServiceKind {
    extension: RealtimeExtension;
    /** The default connection's app setting. */
    connectionName: string;
    /** The app setting suffix that holds the service's address when an identity is used. */
    addressSuffix: string;
    /** The role that may send to clients and negotiate for them. */
    dataRole: string;
    /** Where the addresses of events stand: on hubs, made once app and key are known, or on the service itself. */
    upstreamOn: "hubs" | "service";
    /** Extension bundles that hold the extension. */
    bundles: readonly string[];
    /** The extension's assembly, which extensions.json names when it is installed without a bundle. */
    assembly: string;
}

const previewBundles = [
    "Microsoft.Azure.Functions.ExtensionBundle.Preview",
    "Microsoft.Azure.Functions.ExtensionBundle.Experimental",
];
const allBundles = ["Microsoft.Azure.Functions.ExtensionBundle", ...previewBundles];

export const serviceKinds: Record<RealtimeExtension, ServiceKind> = {
    socketio: {
        extension: RealtimeExtension.SocketIO,
        connectionName: "WebPubSubForSocketIOConnectionString",
        addressSuffix: "endpoint",
        dataRole: Roles.webPubSubServiceOwner,
        upstreamOn: "hubs",
        // The bundle for general use does not hold it.
        bundles: previewBundles,
        assembly: "Microsoft.Azure.WebJobs.Extensions.WebPubSubForSocketIO",
    },
    webpubsub: {
        extension: RealtimeExtension.WebPubSub,
        connectionName: "WebPubSubConnectionString",
        addressSuffix: "serviceUri",
        dataRole: Roles.webPubSubServiceOwner,
        upstreamOn: "hubs",
        bundles: allBundles,
        assembly: "Microsoft.Azure.WebJobs.Extensions.WebPubSub",
    },
    signalr: {
        extension: RealtimeExtension.SignalR,
        connectionName: "AzureSignalRConnectionString",
        addressSuffix: "serviceUri",
        // REST API Owner may send but not sign clients in; App Server may only sign them in.
        dataRole: Roles.signalRServiceOwner,
        upstreamOn: "service",
        bundles: allBundles,
        assembly: "Microsoft.Azure.WebJobs.Extensions.SignalRService",
    },
};

/** The system key that the Functions host checks on the extension's webhook. */
export function extensionKeyName(extension: RealtimeExtension): string {
    return `${extension}_extension`;
}
