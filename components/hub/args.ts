import type * as pulumi from "@pulumi/pulumi";
import type { EventHandlerAuth } from "../shared/eventTargets";

/** What happens to clients without a token. */
export const AnonymousConnectPolicy = {
    /** They may connect. */
    Allow: "allow",
    /** They are refused. */
    Deny: "deny",
} as const;
export type AnonymousConnectPolicy = (typeof AnonymousConnectPolicy)[keyof typeof AnonymousConnectPolicy];

/** Events about a connection that the service can send to a handler. */
export const SystemEvent = {
    /** A client asks to connect; the handler lets it in or refuses it. */
    Connect: "connect",
    /** A client has connected. */
    Connected: "connected",
    /** A client has left. */
    Disconnected: "disconnected",
} as const;
export type SystemEvent = (typeof SystemEvent)[keyof typeof SystemEvent];

/** Events about a connection that a listener can get. `connect` is none of them: it asks for an answer, which a listener cannot give. */
export const ListenedEvent = {
    /** A client has connected. */
    Connected: "connected",
    /** A client has left. */
    Disconnected: "disconnected",
} as const;
export type ListenedEvent = (typeof ListenedEvent)[keyof typeof ListenedEvent];

/** Selects the events that go to a handler. */
export interface EventSelection {
    /**
     * Events about the connection itself. Defaults to connect, connected and disconnected; to a backend's own app, to those of them
     * that its code has triggers for, where reading the code tells.
     */
    systemEvents?: pulumi.Input<pulumi.Input<SystemEvent>[]>;
    /** Events that clients send: `*` for all, or names separated by commas. Defaults to `*`. */
    userEventPattern?: pulumi.Input<string>;
    /** How the service proves itself. Defaults to None: the key in the URL is the proof. */
    auth?: pulumi.Input<EventHandlerAuth>;
}

/** One place that a hub's events go to; the first that selects an event gets it, and nobody else. */
export interface EventHandler extends EventSelection {
    /** Absolute http or https URL; `{hub}` and `{event}` may stand in its path and query. */
    urlTemplate: pulumi.Input<string>;
}

/** An event hub that gets a copy of events, whatever the handlers do with them. The service signs in with its own identity. */
export interface EventListener {
    /** Tells the listener's role from others of this hub: lower case letters, digits and hyphens. */
    name: string;
    /** Azure Resource Manager id of the event hub, in its namespace. */
    eventHubId: pulumi.Input<string>;
    /** Host name of the event hub's namespace. Defaults to what Azure says of the namespace in the provider's subscription. */
    fullyQualifiedNamespace?: pulumi.Input<string>;
    /** Events about the connection itself. Defaults to connected and disconnected. */
    systemEvents?: pulumi.Input<pulumi.Input<ListenedEvent>[]>;
    /** Events that clients send: `*` for all, or names separated by commas. Defaults to `*`. */
    userEventPattern?: pulumi.Input<string>;
}

/** Options of a hub; the hubs of a backend take the same. */
export interface HubOptions {
    /** Event hubs that get a copy of events, 10 at most over all hubs of a service. Defaults to none. */
    eventListeners?: pulumi.Input<EventListener>[];
    /** Whether clients may connect without a token. Defaults to deny. */
    anonymousConnectPolicy?: pulumi.Input<AnonymousConnectPolicy>;
    /** Seconds between keep-alive messages, 1-120. Defaults to 20. */
    webSocketKeepAliveIntervalInSeconds?: pulumi.Input<number>;
}

/** Args of WebPubSubHub. */
export interface WebPubSubHubArgs extends HubOptions {
    /** Resource group of the service. */
    resourceGroupName: pulumi.Input<string>;
    /** Name of the service that the hub belongs to. */
    serviceName: pulumi.Input<string>;
    /** Name of the hub: letters, digits and underscores; letter case does not matter. Defaults to `hub`. */
    hubName?: pulumi.Input<string>;
    /** Where events go, in order. Defaults to nowhere: clients connect unasked, and their events are dropped. */
    eventHandlers?: pulumi.Input<pulumi.Input<EventHandler>[]>;
    /**
     * Principal id of the service's identity. The identity then gets the role to send to each event hub, before the hub exists.
     * Leave it out where the identity has the role already, because Azure refuses to assign it twice.
     */
    servicePrincipalId?: pulumi.Input<string>;
}
