import type { RoleAssignment } from "@pulumi/azure-native/authorization";
import { WebPubSubHub as AzureWebPubSubHub } from "@pulumi/azure-native/webpubsub";
import * as pulumi from "@pulumi/pulumi";
import { keepNodes, nodesOf } from "../shared/nodes";
import { SystemEvent, type WebPubSubHubArgs } from "./args";
import { checkHubArgs } from "./check";
import { grantListeners, toListeners } from "./eventListeners";

/** Resources inside a WebPubSubHub. */
export interface WebPubSubHubNodes {
    hub: AzureWebPubSubHub;
    /** The service's roles on the event hubs of the listeners. */
    roles: RoleAssignment[];
}

/**
 * A hub of a Web PubSub or Socket.IO service, with the handlers of its events. Use it alone when the handlers are not a Function App
 * of a backend.
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
        const checked = checkHubArgs(`WebPubSubHub "${name}"`, args);
        const parent = { parent: this };

        const { hubName = "hub", eventListeners: listeners, servicePrincipalId: principalId } = checked;
        const roles = principalId === undefined ? [] : grantListeners(name, { listeners, principalId }, parent);
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
                    eventListeners: listeners.length === 0 ? undefined : toListeners(listeners, parent),
                },
            },
            { parent: this, dependsOn: roles },
        );

        keepNodes<WebPubSubHubNodes>(this, { hub, roles });
        this.hubName = pulumi.all([hub.urn, hubName]).apply(([, known]) => known);
        this.registerOutputs({ hubName: this.hubName });
    }

    /** The resources inside, for what their own options and outputs allow. */
    get nodes(): WebPubSubHubNodes {
        return nodesOf(this);
    }
}

function withDefaults<H extends { systemEvents?: string[]; userEventPattern?: string }>(handler: H): H {
    return {
        ...handler,
        systemEvents: handler.systemEvents ?? Object.values(SystemEvent),
        userEventPattern: handler.userEventPattern ?? "*",
    };
}
