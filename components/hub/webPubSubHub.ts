import type { RoleAssignment } from "@pulumi/azure-native/authorization";
import { WebPubSubHub as AzureWebPubSubHub } from "@pulumi/azure-native/webpubsub";
import * as pulumi from "@pulumi/pulumi";
import { mapTargets } from "../shared/eventTargets";
import { keepNodes, nodesOf } from "../shared/nodes";
import { orDefault } from "../shared/shape";
import { type EventHandler, SystemEvent, type WebPubSubHubArgs } from "./args";
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

        const { eventListeners: listeners, servicePrincipalId: principalId } = checked;
        const hubName = orDefault(checked.hubName, "hub");
        const roles = principalId === undefined ? [] : grantListeners(name, { listeners, principalId }, parent);
        const properties = {
            anonymousConnectPolicy: orDefault<string>(checked.anonymousConnectPolicy, "deny"),
            webSocketKeepAliveIntervalInSeconds: orDefault(checked.webSocketKeepAliveIntervalInSeconds, 20),
            eventHandlers: mapTargets(orDefault(checked.eventHandlers, []), withDefaults),
            eventListeners: listeners.length === 0 ? undefined : toListeners(listeners, parent),
        };
        const { serviceName: resourceName, resourceGroupName } = checked;
        const hub = new AzureWebPubSubHub(
            name,
            { hubName, resourceName, resourceGroupName, properties },
            { parent: this, dependsOn: roles, transformations: [keepKnown(properties)] },
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

/**
 * Passes on the properties as they are. azure-native fills in its two defaults, which the constructor sets anyway, in an `apply`, and one unknown
 * part, the URL, would make all properties unknown in a preview.
 */
function keepKnown(properties: pulumi.Inputs): pulumi.ResourceTransformation {
    return ({ props, opts }) => ({ props: { ...props, properties }, opts });
}

function withDefaults(handler: EventHandler): EventHandler {
    return {
        ...handler,
        systemEvents: handler.systemEvents ?? Object.values(SystemEvent),
        userEventPattern: handler.userEventPattern ?? "*",
    };
}
