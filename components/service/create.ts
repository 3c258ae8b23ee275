import {
    getWebPubSubOutput,
    listWebPubSubKeysOutput,
    WebPubSub,
    type WebPubSubArgs,
} from "@pulumi/azure-native/webpubsub";
import * as pulumi from "@pulumi/pulumi";
import { placeOf } from "../shared/armId";
import { lateError, type Rule, show } from "../shared/checks";
import { createSuffix, uniqueName } from "../shared/names";
import { hostUrl } from "../shared/urls";
import {
    ServiceIdentity,
    type ServiceOptionsArgs,
    type ServicePlaceArgs,
    ServiceSku,
    type SocketIOServiceArgs,
} from "./args";
import { defaultCapacity, isServiceSku, skuTier } from "./sku";

/** What a service component offers, whichever service it is. */
export interface ServiceOutputs {
    serviceId: pulumi.Output<string>;
    serviceName: pulumi.Output<string>;
    hostName: pulumi.Output<string>;
    endpoint: pulumi.Output<string>;
    principalId: pulumi.Output<string>;
    connectionString: pulumi.Output<string> | undefined;
}

interface Identity {
    principalId?: string;
    userAssignedIdentities?: Record<string, { principalId?: string }>;
}

/** A service, created or found. */
interface ServicePlace {
    id: pulumi.Output<string>;
    name: pulumi.Output<string>;
    hostName: pulumi.Output<string>;
    identity: pulumi.Output<Identity | undefined>;
}

/** What Azure says of a service that exists already. */
export interface FoundService {
    id: string;
    name: string;
    hostName: string;
    identity?: Identity;
    kind?: string;
    socketIO?: { serviceMode?: string };
    features?: { flag: string; value: string }[];
}

/** What differs between the two kinds of a Web PubSub resource. */
interface WebPubSubKind {
    properties: Pick<WebPubSubArgs, "kind" | "socketIO">;
    existing: Rule<FoundService>;
}

/** Only a serverless Socket.IO service hands events to a Function App. */
export const existingSocketIO: Rule<FoundService> = ({ name, kind, socketIO }) => {
    const mode = socketIO?.serviceMode ?? "Default";
    return kind === "SocketIO" && mode === "Serverless"
        ? undefined
        : `serviceId: ${show(name)} is of kind ${kind ?? "WebPubSub"} in mode ${mode}. Allowed: kind SocketIO in mode Serverless.`;
};

/** Web PubSub has one mode; Azure leaves out the kind WebPubSub, its default. */
export const existingWebPubSub: Rule<FoundService> = ({ name, kind = "WebPubSub" }) =>
    kind === "WebPubSub" ? undefined : `serviceId: ${show(name)} is of kind ${kind}. Allowed: kind WebPubSub.`;

export const socketIOKind: WebPubSubKind = {
    properties: { kind: "SocketIO", socketIO: { serviceMode: "Serverless" } },
    existing: existingSocketIO,
};

export const webPubSubKind: WebPubSubKind = {
    properties: { kind: "WebPubSub" },
    existing: existingWebPubSub,
};

/** A Web PubSub resource of one kind: the one whose id is given, or a new one. */
export function resolveWebPubSub(
    name: string,
    args: SocketIOServiceArgs & { ofKind: WebPubSubKind },
    opts: pulumi.CustomResourceOptions,
): { outputs: ServiceOutputs; service: WebPubSub | undefined } {
    const { ofKind } = args;
    if (args.serviceId !== undefined) {
        const { resourceGroupName, name: resourceName } = placeOf("serviceId", args.serviceId, opts);
        const found = getWebPubSubOutput({ resourceGroupName, resourceName }, opts);
        const keys = () => listWebPubSubKeysOutput({ resourceGroupName, resourceName }, opts);
        return { outputs: describeService(adoptService(found, ofKind.existing), args, keys), service: undefined };
    }
    const service = new WebPubSub(
        name,
        {
            ...newServiceProperties(name, args, opts),
            ...ofKind.properties,
            networkACLs: args.networkACLs,
            liveTraceConfiguration: args.liveTraceConfiguration,
        },
        opts,
    );
    const { resourceGroupName } = args;
    const keys = () => listWebPubSubKeysOutput({ resourceGroupName, resourceName: service.name }, opts);
    return { outputs: describeService(service, args, keys), service };
}

/** The part of a new service's properties that all services have in common. */
export function newServiceProperties(
    name: string,
    args: ServiceOptionsArgs & ServicePlaceArgs & { serviceIdentityType?: pulumi.Input<ServiceIdentity> },
    opts: pulumi.CustomResourceOptions,
) {
    const { serviceUserAssignedIdentityId: identityId } = args;
    return {
        resourceName: args.serviceName ?? uniqueName(createSuffix(name, opts), { base: name, max: 63 }),
        resourceGroupName: args.resourceGroupName,
        location: args.location,
        tags: args.tags,
        sku: pulumi.all([args.sku ?? ServiceSku.StandardS1, args.capacity]).apply(([sku, capacity]) => ({
            name: sku as string,
            ...(isServiceSku(sku) ? { tier: skuTier(sku), capacity: capacity ?? defaultCapacity(sku) } : {}),
        })),
        identity: {
            type: args.serviceIdentityType ?? ServiceIdentity.SystemAssigned,
            userAssignedIdentities: identityId === undefined ? undefined : [identityId],
        },
        disableLocalAuth: args.disableLocalAuth ?? true,
        disableAadAuth: false,
        publicNetworkAccess: args.publicNetworkAccess,
        tls: args.clientCertEnabled === undefined ? undefined : { clientCertEnabled: args.clientCertEnabled },
    };
}

/** A service that exists already, once `rule` has found it usable. */
export function adoptService(found: pulumi.Output<FoundService>, rule: Rule<FoundService>): ServicePlace {
    const usable = found.apply((service) => {
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

/** The outputs of a service. Its access keys are read only when `disableLocalAuth` allows them. */
export function describeService(
    service: ServicePlace,
    args: Pick<ServicePlaceArgs, "disableLocalAuth">,
    readKeys: () => pulumi.Output<{ primaryConnectionString?: string }>,
): ServiceOutputs {
    return {
        serviceId: service.id,
        serviceName: service.name,
        hostName: service.hostName,
        endpoint: service.hostName.apply(hostUrl),
        principalId: service.identity.apply((identity) => servicePrincipalId(identity) ?? ""),
        connectionString:
            args.disableLocalAuth === false
                ? pulumi.secret(readKeys().apply(({ primaryConnectionString }) => primaryConnectionString ?? ""))
                : undefined,
    };
}

/** The principal of a service's one identity: the user-assigned one, or its own. */
export function servicePrincipalId(identity: Identity | undefined): string | undefined {
    const [userAssigned] = Object.values(identity?.userAssignedIdentities ?? {});
    return userAssigned?.principalId ?? identity?.principalId;
}
