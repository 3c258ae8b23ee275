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
    /**
     * App setting with the name of the hub. Web PubSub and Socket.IO use it for bindings without a hub; code of all three can bind
     * `%<setting>%`. Source: HubNameStringName in both extensions of azure-sdk-for-net; SignalR has no such setting, so the name is ours.
     */
    hubSetting: string;
    /** Suffix of the app setting that holds the service's address when the app signs in with its identity. */
    addressSuffix: string;
    /** The role that may send to clients and negotiate for them. */
    dataRole: string;
    /** Extension bundles that hold the extension, the recommended one first. */
    bundles: readonly Bundle[];
    /** The extension's assembly, which extensions.json names when it is installed without a bundle. */
    assembly: string;
}

/** An extension bundle that holds an extension. Source: tags of Azure/azure-functions-extension-bundles, read on 2026-11-25. */
interface Bundle {
    id: string;
    /** First version that holds the extension. Defaults to the oldest that the Functions host takes. */
    from?: string;
    /** First version whose extension signs in with an identity. Defaults to all. */
    identityFrom?: string;
    /** First version that is advised. Defaults to all of version 4. */
    advisedFrom?: string;
    warning?: string;
}

const general = "Microsoft.Azure.Functions.ExtensionBundle";
const preview = `${general}.Preview`;
const experimental = `${general}.Experimental`;

export const serviceKinds: Record<RealtimeExtension, ServiceKind> = {
    socketio: {
        extension: RealtimeExtension.SocketIO,
        connectionName: "WebPubSubForSocketIOConnectionString",
        hubSetting: "WebPubSubForSocketIOHub",
        addressSuffix: "endpoint",
        dataRole: Roles.webPubSubServiceOwner,
        // Preview holds a beta of the extension from 4.37 to 4.41; the general bundle does not hold the extension.
        bundles: [
            { id: preview, from: "4.27.0", advisedFrom: "4.42.0" },
            {
                id: experimental,
                warning: `the bundle ${experimental} holds a beta of the socketio extension. Use ${preview}.`,
            },
        ],
        assembly: "Microsoft.Azure.WebJobs.Extensions.WebPubSubForSocketIO",
    },
    webpubsub: {
        extension: RealtimeExtension.WebPubSub,
        connectionName: "WebPubSubConnectionString",
        hubSetting: "WebPubSubHub",
        addressSuffix: "serviceUri",
        dataRole: Roles.webPubSubServiceOwner,
        // The extension signs in with an identity from 1.10.0 on, and fails without a default connection until 1.10.2.
        bundles: [{ id: general, from: "3.5.0", identityFrom: "4.33.0", advisedFrom: "4.37.1" }],
        assembly: "Microsoft.Azure.WebJobs.Extensions.WebPubSub",
    },
    signalr: {
        extension: RealtimeExtension.SignalR,
        connectionName: "AzureSignalRConnectionString",
        hubSetting: "AzureSignalRHub",
        addressSuffix: "serviceUri",
        // REST API Owner may send messages but not sign clients in; App Server may only sign them in.
        dataRole: Roles.signalRServiceOwner,
        bundles: [{ id: general }, { id: preview }, { id: experimental }],
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

/**
 * The settings that tell code the names of its hubs: the first one, and with several each one under its own name, as
 * `WebPubSubHub_games`. A binding to a hub that does not exist then fails when the host starts.
 */
export function hubSettings({ hubSetting }: ServiceKind, names: readonly string[]): Record<string, string> {
    const [first] = names;
    const several = names.length > 1 ? names.map((name) => [`${hubSetting}_${name}`, name]) : [];
    return first === undefined ? {} : { [hubSetting]: first, ...Object.fromEntries(several) };
}
