import {
    getWebPubSubOutput,
    listWebPubSubKeysOutput,
    WebPubSub,
    type WebPubSubArgs,
} from "@pulumi/azure-native/webpubsub";
import * as pulumi from "@pulumi/pulumi";
import { placeOf } from "../shared/armId";
import { lateError, type Rule, show } from "../shared/checks";
import { createIdentity, type Identity as UserAssigned } from "../shared/identity";
import { createSuffix, uniqueName } from "../shared/names";
import { ifGiven, orDefault } from "../shared/shape";
import {
    ServiceIdentity,
    ServiceNetworkAccess,
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
    const { properties, identity } = newService(name, args, opts);
    const { networkACLs, liveTraceConfiguration, resourceGroupName } = args;
    const service = new WebPubSub(
        name,
        { ...properties, ...ofKind.properties, networkACLs, liveTraceConfiguration },
        opts,
    );
    const keys = () => listWebPubSubKeysOutput({ resourceGroupName, resourceName: service.name }, opts);
    return { outputs: describeService(service, args, keys, identity), service };
}

/** What all new services have in common: their properties, and the identity that was created for them. */
export function newService(
    name: string,
    args: ServiceOptionsArgs & ServicePlaceArgs & { serviceIdentityType?: ServiceIdentity },
    opts: pulumi.CustomResourceOptions,
) {
    const { resourceGroupName, location, tags, serviceIdentityType, serviceUserAssignedIdentityId: givenId } = args;
    const suffix = createSuffix(name, opts);
    const ownIdentity = serviceIdentityType === ServiceIdentity.SystemAssigned || givenId !== undefined;
    const base = `${name}-identity`;
    const identity = ownIdentity
        ? undefined
        : createIdentity(name, { resourceGroupName, location, tags, base, suffix }, opts);
    const identityId = identity?.id ?? givenId;
    const properties = {
        resourceName: orDefault(args.serviceName, uniqueName(suffix, { base: name, max: 63 })),
        resourceGroupName,
        location,
        tags,
        sku: pulumi
            .all([orDefault<string>(args.sku, ServiceSku.StandardS1), args.capacity])
            .apply(([sku, capacity]) => ({
                name: sku,
                ...(isServiceSku(sku) ? { tier: skuTier(sku), capacity: capacity ?? defaultCapacity(sku) } : {}),
            })),
        identity: {
            type: identityId === undefined ? ServiceIdentity.SystemAssigned : ServiceIdentity.UserAssigned,
            userAssignedIdentities: identityId === undefined ? undefined : [identityId],
        },
        disableLocalAuth: args.disableLocalAuth ?? true,
        disableAadAuth: false,
        publicNetworkAccess: orDefault<string>(args.publicNetworkAccess, ServiceNetworkAccess.Enabled),
        tls: ifGiven(args.clientCertEnabled, (clientCertEnabled) => ({ clientCertEnabled })),
    };
    return { properties, identity };
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
    created?: Pick<UserAssigned, "principalId">,
): ServiceOutputs {
    return {
        serviceId: service.id,
        serviceName: service.name,
        hostName: service.hostName,
        // The local Azure serves https here as well, because SDKs send no token over http.
        endpoint: pulumi.interpolate`https://${service.hostName}`,
        // A created identity is known before the service is, so its roles can be assigned beside the service.
        principalId: created?.principalId ?? service.identity.apply((identity) => servicePrincipalId(identity) ?? ""),
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
