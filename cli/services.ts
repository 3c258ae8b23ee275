export type ServiceName = "socketio" | "webpubsub" | "signalr";

/** What differs between the realtime services, for who looks at them from outside. */
export interface ServiceFacts {
    /** As people call it. */
    title: string;
    /** App setting of the default connection, as the Functions extension calls it. */
    connectionName: string;
    /** Name and GUID of the role that lets an app speak for the service. */
    role: { name: string; id: string };
    /** Extension bundles that hold the service's bindings. */
    bundles: readonly string[];
    /** Whether the service asks a webhook for permission before it sends events. */
    handshake: boolean;
}

const bundle = "Microsoft.Azure.Functions.ExtensionBundle";
const previewBundles = [`${bundle}.Preview`, `${bundle}.Experimental`];
const webPubSubRole = { name: "Web PubSub Service Owner", id: "12cf5a90-567b-43ae-8102-96cf46c7d9b4" };

export const services: Record<ServiceName, ServiceFacts> = {
    socketio: {
        title: "Web PubSub for Socket.IO",
        connectionName: "WebPubSubForSocketIOConnectionString",
        role: webPubSubRole,
        bundles: previewBundles,
        handshake: true,
    },
    webpubsub: {
        title: "Web PubSub",
        connectionName: "WebPubSubConnectionString",
        role: webPubSubRole,
        bundles: [bundle, ...previewBundles],
        handshake: true,
    },
    signalr: {
        title: "SignalR Service",
        connectionName: "AzureSignalRConnectionString",
        role: { name: "SignalR Service Owner", id: "7e4f1700-ea5a-4f59-8f37-079cfe29dce3" },
        bundles: [bundle, ...previewBundles],
        handshake: false,
    },
};

export const serviceNames = Object.keys(services) as ServiceName[];
