import * as pulumi from "@pulumi/pulumi";
import type { ServiceNode } from "../backend/connection";
import { createSuffix, uniqueName } from "../parts/suffix";
import type { FoundService } from "../rules/existingService";
import { servicePrincipalId } from "../rules/serviceIdentity";
import { lateError, type Rule } from "../shared/checks";
import { hostUrl } from "../shared/urls";
import type { RealtimeServiceArgs } from "./args";
import { ServiceIdentity } from "./check";
import { defaultUnits, isServiceSku, ServiceSku, skuTier } from "./sku";

export interface ServiceStep<A extends RealtimeServiceArgs> {
    name: string;
    args: A;
    parent: pulumi.Resource;
}

type Identity = Parameters<typeof servicePrincipalId>[0];

/** A realtime service, made or found. */
export interface ServicePlace {
    id: pulumi.Output<string>;
    name: pulumi.Output<string>;
    hostName: pulumi.Output<string>;
    identity: pulumi.Output<Identity>;
}

export interface ServiceOutputs extends ServiceNode {
    hostName: pulumi.Output<string>;
}

/** What a service component gives, whichever service it is. `readKeys` is asked only when access keys are allowed. */
export function describeService(options: {
    service: ServicePlace;
    args: RealtimeServiceArgs;
    readKeys: (resourceName: pulumi.Output<string>) => pulumi.Output<{ primaryConnectionString?: string }>;
}): ServiceOutputs {
    const { service, args, readKeys } = options;
    return {
        serviceId: service.id,
        serviceName: service.name,
        hostName: service.hostName,
        endpoint: service.hostName.apply(hostUrl),
        principalId: service.identity.apply((identity) => servicePrincipalId(identity) ?? ""),
        connectionString:
            args.disableLocalAuth === false
                ? pulumi.secret(
                      readKeys(service.name).apply(({ primaryConnectionString }) => primaryConnectionString ?? ""),
                  )
                : undefined,
    };
}

/** A service that exists already, once it turned out to be of use. */
export function adoptService<F extends FoundService & { id: string; hostName: string; identity?: Identity }>(
    found: pulumi.Output<F>,
    rule: Rule<FoundService>,
): ServicePlace {
    const usable = found.apply((service): F => {
        const reason = rule(service);
        if (reason !== undefined) {
            throw lateError(reason);
        }
        return service;
    });
    return {
        id: usable.apply(({ id }) => id),
        name: usable.apply(({ name }) => name),
        hostName: usable.apply(({ hostName }) => hostName),
        identity: usable.apply(({ identity }) => identity),
    };
}

/** The part of a new service's properties that all of them have in common. */
export function newServiceProperties({ name, args, parent }: ServiceStep<RealtimeServiceArgs>) {
    const { userAssignedIdentityId } = args;
    return {
        resourceName: args.serviceName ?? uniqueName(createSuffix(name, { parent }), { base: name, max: 63 }),
        resourceGroupName: args.resourceGroupName,
        location: args.location,
        tags: args.tags,
        sku: resolveSku(args),
        identity: {
            type: args.identityType ?? ServiceIdentity.SystemAssigned,
            userAssignedIdentities: userAssignedIdentityId === undefined ? undefined : [userAssignedIdentityId],
        },
        disableLocalAuth: args.disableLocalAuth ?? true,
        disableAadAuth: false,
        publicNetworkAccess: args.publicNetworkAccess,
        tls: args.clientCertEnabled === undefined ? undefined : { clientCertEnabled: args.clientCertEnabled },
    };
}

function resolveSku(args: RealtimeServiceArgs): pulumi.Output<{ name: string; tier?: string; capacity?: number }> {
    return pulumi.all([args.sku ?? ServiceSku.StandardS1, args.units]).apply(([sku, units]) => ({
        name: sku,
        ...(isServiceSku(sku) ? { tier: skuTier(sku), capacity: units ?? defaultUnits(sku) } : {}),
    }));
}
