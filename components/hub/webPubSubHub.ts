import { WebPubSubHub as AzureWebPubSubHub } from "@pulumi/azure-native/webpubsub/webPubSubHub";
import * as pulumi from "@pulumi/pulumi";
import { type AnonymousConnectPolicy, type EventHandlerAuthType, type ListenedEvent, SystemEvent } from "../rules/hub";
import { startChecks } from "../shared/checks";
import { checkHubArgs } from "./check";
import { grantListeners, toListeners } from "./eventListeners";

/** The app that a handler's tokens are for. */
export interface EventHandlerManagedIdentityArgs {
    /** Application id or application id URI of the handler's app registration. */
    resource: pulumi.Input<string>;
}

/** How the service proves itself to a handler. */
export interface EventHandlerAuthArgs {
    /** None, or ManagedIdentity for a token of the service's identity with each call. */
    type: pulumi.Input<EventHandlerAuthType>;
    /** Needed for ManagedIdentity, and only then. */
    managedIdentity?: pulumi.Input<EventHandlerManagedIdentityArgs>;
}

/** Which events go to a handler. */
export interface EventSelectionArgs {
    /** Events about the connection itself. Defaults to connect, connected and disconnected. */
    systemEvents?: pulumi.Input<pulumi.Input<SystemEvent>[]>;
    /** Events that clients send: `*` for all, or names separated by commas. Defaults to `*`. */
    userEventPattern?: pulumi.Input<string>;
    /** How the service proves itself. Defaults to None: the URL's code is the proof. */
    auth?: pulumi.Input<EventHandlerAuthArgs>;
}

/** One place that events go to; the first that selects an event gets it. */
export interface EventHandlerArgs extends EventSelectionArgs {
    /** Absolute http or https URL; `{hub}` and `{event}` may stand in its path and query. */
    urlTemplate: pulumi.Input<string>;
}

/** An event hub that events are copied to, whatever the handlers do with them. The service signs in with its own identity. */
export interface EventListenerArgs {
    /** Distinguishes the listener's role from others of this hub: lower case letters, digits and hyphens. */
    name: string;
    /** Azure Resource Manager id of the event hub, in its namespace. */
    eventHubId: pulumi.Input<string>;
    /** Host name of the event hub's namespace. Defaults to what Azure says of it in the provider's subscription. */
    fullyQualifiedNamespace?: pulumi.Input<string>;
    /** Events about the connection itself. Defaults to connected and disconnected. */
    systemEvents?: pulumi.Input<pulumi.Input<ListenedEvent>[]>;
    /** Events that clients send: `*` for all, or names separated by commas. Defaults to `*`. */
    userEventPattern?: pulumi.Input<string>;
}

/** What a {@link WebPubSubHub} is made of. */
export interface WebPubSubHubArgs {
    /** The resource group of the service. */
    resourceGroupName: pulumi.Input<string>;
    /** The service that the hub belongs to. */
    serviceName: pulumi.Input<string>;
    /** Name of the hub: letters, digits and underscores; letter case does not matter. Defaults to `hub`. */
    hubName?: pulumi.Input<string>;
    /** Where events go, in order. Defaults to nowhere: clients connect unasked, and their events are dropped. */
    eventHandlers?: pulumi.Input<pulumi.Input<EventHandlerArgs>[]>;
    /** Event hubs that events are copied to, 10 at most over all hubs of a service. Defaults to none. */
    eventListeners?: EventListenerArgs[];
    /**
     * Principal of the service's identity, which then gets the role to send to each event hub, before the hub is there. Leave it
     * out where the identity has the role: Azure refuses to assign it twice.
     */
    servicePrincipalId?: pulumi.Input<string>;
    /** Whether clients may connect without a token. Defaults to deny. */
    anonymousConnectPolicy?: pulumi.Input<AnonymousConnectPolicy>;
    /** Seconds between keep-alive messages, 1-120. Defaults to 20. */
    webSocketKeepAliveIntervalInSeconds?: pulumi.Input<number>;
}

/**
 * A hub of a Web PubSub or Socket.IO service, with the handlers of its events.
 *
 * ```ts
 * new WebPubSubHub("chat", {
 *     resourceGroupName: group.name,
 *     serviceName: service.serviceName,
 *     eventHandlers: [{ urlTemplate: "https://chat.example.com/events/{event}" }],
 * });
 * ```
 *
 * With a copy of every event in an event hub:
 *
 * ```ts
 * new WebPubSubHub("chat", {
 *     resourceGroupName: group.name,
 *     serviceName: service.serviceName,
 *     servicePrincipalId: service.principalId,
 *     eventListeners: [{ name: "archive", eventHubId: eventHub.id }],
 * });
 * ```
 */
export class WebPubSubHub extends pulumi.ComponentResource {
    /** Name of the hub. */
    public readonly hubName: pulumi.Output<string>;

    constructor(name: string, args: WebPubSubHubArgs, opts?: pulumi.ComponentResourceOptions) {
        super("azure-realtime:index:WebPubSubHub", name, {}, opts);
        const checks = startChecks(`WebPubSubHub "${name}"`);
        const checked = checkHubArgs({ checks, args });
        checks.refuse();

        const hubName = checked.hubName ?? "hub";
        const { servicePrincipalId: principalId, eventListeners: listeners = [] } = checked;
        const roles = principalId === undefined ? [] : grantListeners({ name, listeners, principalId, parent: this });
        const hub = new AzureWebPubSubHub(
            name,
            {
                hubName,
                resourceName: checked.serviceName,
                resourceGroupName: checked.resourceGroupName,
                properties: {
                    anonymousConnectPolicy: checked.anonymousConnectPolicy ?? "deny",
                    webSocketKeepAliveIntervalInSeconds: checked.webSocketKeepAliveIntervalInSeconds,
                    eventHandlers: pulumi
                        .output(checked.eventHandlers ?? [])
                        .apply((handlers) => handlers.map(withDefaults)),
                    eventListeners: listeners.length === 0 ? undefined : toListeners({ listeners, parent: this }),
                },
            },
            { parent: this, dependsOn: roles },
        );
        this.hubName = pulumi.all([hub.urn, hubName]).apply(([, known]) => known);
        this.registerOutputs({ hubName: this.hubName });
    }
}

function withDefaults<H extends { systemEvents?: string[]; userEventPattern?: string }>(handler: H): H {
    return {
        ...handler,
        systemEvents: handler.systemEvents ?? Object.values(SystemEvent),
        userEventPattern: handler.userEventPattern ?? "*",
    };
}
