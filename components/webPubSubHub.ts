import * as webpubsub from "@pulumi/azure-native/webpubsub";
import * as pulumi from "@pulumi/pulumi";
import { startChecks } from "./rules/checks";
import { type AnonymousConnectPolicy, type EventHandlerAuthType, SystemEvent } from "./rules/hub";
import { checkHubArgs } from "./rules/hubArgs";

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
        const hub = new webpubsub.WebPubSubHub(
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
                },
            },
            { parent: this },
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
