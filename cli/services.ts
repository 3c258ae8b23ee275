export type ServiceName = "socketio" | "webpubsub" | "signalr";

/** Differences between the realtime services that a check from outside has to know. */
export interface ServiceFacts {
    /** Name of the service in Azure. */
    title: string;
    /** Name of the app setting with the default connection, given by the Functions extension. */
    connectionName: string;
    /** Name of the app setting with the hub's name. On SignalR the backend's own, on the others also the extension's. */
    hubSetting: string;
    /** Type of the extension's trigger binding. */
    trigger: string;
    /** Role that an app needs on the service. */
    role: { name: string; id: string };
    /** Extension bundles that contain the service's bindings. */
    bundles: readonly string[];
    /** Whether the service validates a webhook with a handshake before it sends events. */
    handshake: boolean;
}

const bundle = "Microsoft.Azure.Functions.ExtensionBundle";
const previewBundles = [`${bundle}.Preview`, `${bundle}.Experimental`];
const webPubSubRole = { name: "Web PubSub Service Owner", id: "12cf5a90-567b-43ae-8102-96cf46c7d9b4" };

export const services: Record<ServiceName, ServiceFacts> = {
    socketio: {
        title: "Web PubSub for Socket.IO",
        connectionName: "WebPubSubForSocketIOConnectionString",
        hubSetting: "WebPubSubForSocketIOHub",
        trigger: "socketiotrigger",
        role: webPubSubRole,
        bundles: previewBundles,
        handshake: true,
    },
    webpubsub: {
        title: "Web PubSub",
        connectionName: "WebPubSubConnectionString",
        hubSetting: "WebPubSubHub",
        trigger: "webPubSubTrigger",
        role: webPubSubRole,
        // The bundles with previews do not have this extension.
        bundles: [bundle],
        handshake: true,
    },
    signalr: {
        title: "SignalR Service",
        connectionName: "AzureSignalRConnectionString",
        hubSetting: "AzureSignalRHub",
        trigger: "signalRTrigger",
        role: { name: "SignalR Service Owner", id: "7e4f1700-ea5a-4f59-8f37-079cfe29dce3" },
        bundles: [bundle, ...previewBundles],
        handshake: false,
    },
};

export const serviceNames = Object.keys(services) as ServiceName[];
