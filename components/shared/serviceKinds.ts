import { Roles } from "./roles";

/** A realtime service, by the name of the Functions extension that receives its events. */
export const RealtimeExtension = {
    /** Web PubSub for Socket.IO. */
    SocketIO: "socketio",
    /** Web PubSub. */
    WebPubSub: "webpubsub",
    /** SignalR Service. */
    SignalR: "signalr",
} as const;
export type RealtimeExtension = (typeof RealtimeExtension)[keyof typeof RealtimeExtension];

/** What differs between the realtime services. */
export interface ServiceKind {
    extension: RealtimeExtension;
    /** The default connection's app setting. */
    connectionName: string;
    /** Suffix of the app setting that holds the service's address when the app signs in with its identity. */
    addressSuffix: string;
    /** The role that may send to clients and negotiate for them. */
    dataRole: string;
    /** Where the service keeps the URLs of its events: on its hubs, or on the service itself. */
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
        // The general bundle does not hold this extension.
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
        // REST API Owner may send messages but not sign clients in; App Server may only sign them in.
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

/**
 * The app settings that hold the connection to a service. The extension looks for its default one when the host starts, even when
 * every function names another, so both are set.
 */
export function connectionNames(kind: ServiceKind, connectionName: string | undefined): string[] {
    return [...new Set([connectionName ?? kind.connectionName, kind.connectionName])];
}

/** The settings that tell an identity where the service is. On Azure a credential stands beside them. */
export function addressSettings(kind: ServiceKind, names: readonly string[], address: string): Record<string, string> {
    return Object.fromEntries(names.map((name) => [`${name}__${kind.addressSuffix}`, address]));
}
