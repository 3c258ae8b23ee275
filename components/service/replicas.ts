import type { AutoscaleSetting } from "@pulumi/azure-native/monitor";
import { getSignalRReplica, SignalRReplica } from "@pulumi/azure-native/signalrservice";
import { getWebPubSubReplica, WebPubSubReplica } from "@pulumi/azure-native/webpubsub";
import * as pulumi from "@pulumi/pulumi";
import { orMissing } from "../shared/lookup";
import { orDefault } from "../shared/shape";
import { type Autoscale, type Replica, type ServiceOptionsArgs, type ServicePlaceArgs, ServiceSku } from "./args";
import { createAutoscale, currentCapacity, type Scaled } from "./autoscale";
import { skuProperties } from "./sku";

/** What a service with units of its own has beside itself. */
export interface ScaleNodes {
    /** The settings of the service and of its replicas. Only there with `autoscale`. */
    autoscale?: AutoscaleSetting[];
    /** In the order of `replicas`. Only there with it. */
    replicas?: (WebPubSubReplica | SignalRReplica)[];
}

/** The resource of a kind of service's replicas, and how to look one up. */
const kinds = {
    webPubSub: { Resource: WebPubSubReplica, look: getWebPubSubReplica },
    signalR: { Resource: SignalRReplica, look: getSignalRReplica },
};

type ScaleArgs = ServiceOptionsArgs & ServicePlaceArgs & { kind: keyof typeof kinds; service: Scaled };

/** Creates the replicas of a new service, and what scales it and them. */
export function createScale(name: string, args: ScaleArgs, opts: pulumi.CustomResourceOptions): ScaleNodes {
    const autoscale = args.autoscale as Autoscale | undefined;
    const scale = (scaledName: string, scaled: Scaled, capacity: ScaleArgs["capacity"]) =>
        autoscale === undefined ? [] : [createAutoscale(scaledName, { ...args, capacity, autoscale, scaled }, opts)];
    const settings = scale(name, args.service, args.capacity);
    const replicas = args.replicas?.map((given) => {
        const replica = given as Replica;
        const made = createReplica(`${name}-${replica.name}`, { ...args, replica }, opts);
        settings.push(...scale(`${name}-${replica.name}`, made, replica.capacity ?? args.capacity));
        return made;
    });
    return { autoscale: autoscale && settings, replicas };
}

function createReplica(
    name: string,
    args: ScaleArgs & { replica: Replica },
    opts: pulumi.CustomResourceOptions,
): WebPubSubReplica | SignalRReplica {
    const { service, replica, resourceGroupName, tags, sku } = args;
    const { Resource, look } = kinds[args.kind];
    // The service's name is unique in all of Azure, so this one is as well.
    const replicaName = service.name.apply((known) => `${known.slice(0, 62 - replica.name.length)}-${replica.name}`);
    const autoscale = args.autoscale as Autoscale | undefined;
    const start = replica.capacity ?? args.capacity;
    const read = () =>
        pulumi
            .all([service.name, replicaName, resourceGroupName])
            .apply(([resourceName, known, group]) =>
                orMissing(look({ resourceName, replicaName: known, resourceGroupName: group }, opts)),
            )
            .apply((found) => found?.sku);
    const capacity = autoscale === undefined ? start : currentCapacity({ sku, capacity: start, autoscale }, read);
    return new Resource(
        name,
        {
            resourceName: service.name,
            replicaName,
            resourceGroupName,
            location: replica.location,
            tags,
            sku: pulumi
                .all([orDefault<string>(sku, ServiceSku.PremiumP1), capacity])
                .apply(([known, units]) => skuProperties(known, units)),
            regionEndpointEnabled: pulumi
                .output(orDefault<boolean>(replica.regionEndpointEnabled, true))
                .apply((open) => (open ? "Enabled" : "Disabled")),
        },
        opts,
    );
}
