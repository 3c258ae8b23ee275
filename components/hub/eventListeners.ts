import type { RoleAssignment } from "@pulumi/azure-native/authorization/roleAssignment";
import { getNamespaceOutput } from "@pulumi/azure-native/eventhub/getNamespace";
import type * as inputs from "@pulumi/azure-native/types/input";
import * as pulumi from "@pulumi/pulumi";
import { parseEventHubId } from "../rules/eventListeners";
import { ListenedEvent } from "../rules/hub";
import { Roles } from "../rules/roles";
import { assignRole } from "../shared/roles";
import type { EventListenerArgs } from "./webPubSubHub";

export interface ListenersStep {
    name: string;
    listeners: EventListenerArgs[];
    /** Principal of the service's identity. */
    principalId: pulumi.Input<string>;
    parent: pulumi.Resource;
}

/** Lets the service send to the event hubs of its listeners; once to each, because Azure refuses a role that is there. */
export function grantListeners({ name, listeners, principalId, parent }: ListenersStep): RoleAssignment[] {
    const first = new Map(
        [...listeners].reverse().map((listener): [unknown, EventListenerArgs] => [listener.eventHubId, listener]),
    );
    return listeners
        .filter((listener) => first.get(listener.eventHubId) === listener)
        .map((listener) =>
            assignRole(
                {
                    name: `${name}-${listener.name}-sender`,
                    role: Roles.eventHubsDataSender,
                    scope: listener.eventHubId,
                    principalId,
                },
                { parent },
            ),
        );
}

/** Listeners in the words of the hub's properties. */
export function toListeners({
    listeners,
    parent,
}: Pick<ListenersStep, "listeners" | "parent">): inputs.webpubsub.EventListenerArgs[] {
    return listeners.map((listener) => {
        const place = pulumi.output(listener.eventHubId).apply(parseEventHubId);
        return {
            filter: {
                type: "EventName",
                systemEvents: listener.systemEvents ?? Object.values(ListenedEvent),
                userEventPattern: listener.userEventPattern ?? "*",
            },
            endpoint: {
                type: "EventHub",
                eventHubName: place.apply((known) => known?.eventHubName ?? ""),
                fullyQualifiedNamespace: listener.fullyQualifiedNamespace ?? findNamespaceHost({ place, parent }),
            },
        };
    });
}

// The namespace's host name ends otherwise in other clouds.
function findNamespaceHost(options: {
    place: pulumi.Output<ReturnType<typeof parseEventHubId>>;
    parent: pulumi.Resource;
}): pulumi.Output<string> {
    const found = getNamespaceOutput(
        {
            resourceGroupName: options.place.apply((known) => known?.resourceGroupName ?? ""),
            namespaceName: options.place.apply((known) => known?.namespaceName ?? ""),
        },
        { parent: options.parent },
    );
    return found.serviceBusEndpoint.apply((address) => new URL(address).hostname);
}
