import type { PrivateDnsZoneGroup, PrivateEndpoint } from "@pulumi/azure-native/network";
import {
    getWebPubSub,
    getWebPubSubOutput,
    listWebPubSubKeysOutput,
    WebPubSub,
    type WebPubSubArgs,
} from "@pulumi/azure-native/webpubsub";
import * as pulumi from "@pulumi/pulumi";
import { placeOf } from "../shared/armId";
import { lateError, type Rule, show } from "../shared/checks";
import { createIdentity, type Identity as UserAssigned } from "../shared/identity";
import { protectedIf } from "../shared/locks";
import { orMissing } from "../shared/lookup";
import { createSuffix } from "../shared/names";
import { newName } from "../shared/naming";
import { NamedKind } from "../shared/namingArgs";
import {
    afterEndpoint,
    type CreatedEndpoint,
    createPrivateEndpoint,
    type EndpointTarget,
} from "../shared/privateEndpoint";
import { ifGiven, orDefault } from "../shared/shape";
import {
    type Autoscale,
    ServiceIdentity,
    ServiceNetworkAccess,
    type ServiceOptionsArgs,
    type ServicePlaceArgs,
    ServiceSku,
    type SocketIOServiceArgs,
} from "./args";
import { currentCapacity } from "./autoscale";
import type { Placed } from "./check";
import { createScale, type ScaleNodes } from "./replicas";
import { skuProperties } from "./sku";

/** What a service component offers, whichever service it is. */
export interface ServiceOutputs {
    serviceId: pulumi.Output<string>;
    serviceName: pulumi.Output<string>;
    hostName: pulumi.Output<string>;
    endpoint: pulumi.Output<string>;
    principalId: pulumi.Output<string>;
    identityClientId: pulumi.Output<string>;
    connectionString: pulumi.Output<string> | undefined;
}

interface Identity {
    principalId?: string;
    userAssignedIdentities?: Record<string, { principalId?: string; clientId?: string }>;
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
    args: Placed<SocketIOServiceArgs> & { ofKind: WebPubSubKind },
    opts: pulumi.CustomResourceOptions,
): { outputs: ServiceOutputs; nodes: WebPubSubNodes } {
    const { ofKind } = args;
    if (args.serviceId !== undefined) {
        const { resourceGroupName, name: resourceName } = placeOf("serviceId", args.serviceId, opts);
        const found = getWebPubSubOutput({ resourceGroupName, resourceName }, opts);
        const keys = () => listWebPubSubKeysOutput({ resourceGroupName, resourceName }, opts);
        return { outputs: describeService(adoptService(found, ofKind.existing), args, keys), nodes: {} };
    }
    const { properties, identity } = newService(name, { ...args, look: getWebPubSub, kind: NamedKind.WebPubSub }, opts);
    const { networkACLs, liveTraceConfiguration, resourceGroupName } = args;
    const service = new WebPubSub(
        name,
        { ...properties, ...ofKind.properties, networkACLs, liveTraceConfiguration },
        { ...opts, ...protectedIf(args.protectData) },
    );
    const keys = () => listWebPubSubKeysOutput({ resourceGroupName, resourceName: service.name }, opts);
    const scale = createScale(name, { ...args, kind: "webPubSub", service }, opts);
    const way = createServiceEndpoint(name, { ...args, groupId: "webpubsub", targetId: service.id }, opts);
    const outputs = describeService(service, args, keys, identity);
    return { outputs: reachedBy(way, outputs), nodes: { service, ...endpointNodes(way), ...scale } };
}

/** Resources inside a service component. */
interface WebPubSubNodes extends ServiceEndpointNodes, ScaleNodes {
    service?: WebPubSub;
}

/** The private way to a service. */
export interface ServiceEndpointNodes {
    /** Only there with `privateEndpoint`. */
    privateEndpoint?: PrivateEndpoint;
    /** Only there with `privateEndpoint` and its zones. */
    privateDnsZoneGroup?: PrivateDnsZoneGroup;
}

/** The private endpoint of a new service, where one is asked for. */
export function createServiceEndpoint(
    name: string,
    args: Placed<ServicePlaceArgs> & Pick<EndpointTarget, "groupId" | "targetId">,
    opts: pulumi.CustomResourceOptions,
): CreatedEndpoint | undefined {
    const { privateEndpoint: place } = args;
    return place && createPrivateEndpoint(name, { ...args, place }, opts);
}

export function endpointNodes(way: CreatedEndpoint | undefined): ServiceEndpointNodes {
    return { privateEndpoint: way?.endpoint, privateDnsZoneGroup: way?.records };
}

/** The outputs of a service that callers reach through its private endpoint: they have the URL once that works. */
export function reachedBy(way: CreatedEndpoint | undefined, outputs: ServiceOutputs): ServiceOutputs {
    return { ...outputs, endpoint: afterEndpoint(outputs.endpoint, way) };
}

/** Looks a service of one kind up. */
type Look = (
    place: { resourceName: string; resourceGroupName: string },
    opts: pulumi.InvokeOptions,
) => Promise<{ sku?: { capacity?: number } }>;

/** What all new services have in common: their properties, and the identity that was created for them. */
export function newService(
    name: string,
    args: ServiceOptionsArgs &
        ServicePlaceArgs & { serviceIdentityType?: ServiceIdentity; look: Look; kind: NamedKind },
    opts: pulumi.CustomResourceOptions,
) {
    const { resourceGroupName, location, tags, serviceIdentityType, serviceUserAssignedIdentityId: givenId } = args;
    const { naming, kind } = args;
    const autoscale = args.autoscale as Autoscale | undefined;
    const suffix = createSuffix(name, opts);
    const ownIdentity = serviceIdentityType === ServiceIdentity.SystemAssigned || givenId !== undefined;
    const base = `${name}-identity`;
    const identity = ownIdentity
        ? undefined
        : createIdentity(
              name,
              { resourceGroupName, location, tags, base, suffix, naming, kind: NamedKind.ServiceIdentity },
              opts,
          );
    const identityId = identity?.id ?? givenId;
    const resourceName = orDefault(args.serviceName, newName(suffix, { base: name, max: 63, naming, kind }));
    const found = () =>
        pulumi
            .all([resourceName, resourceGroupName])
            .apply(([known, group]) =>
                orMissing(args.look({ resourceName: known, resourceGroupName: group }, { parent: opts.parent })),
            )
            .apply((service) => service?.sku);
    const capacity = autoscale === undefined ? args.capacity : currentCapacity({ ...args, autoscale }, found);
    const properties = {
        resourceName,
        resourceGroupName,
        location,
        tags,
        sku: pulumi
            .all([orDefault<string>(args.sku, ServiceSku.StandardS1), capacity])
            .apply(([sku, units]) => skuProperties(sku, units)),
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
    created?: Pick<UserAssigned, "principalId" | "clientId">,
): ServiceOutputs {
    return {
        serviceId: service.id,
        serviceName: service.name,
        hostName: service.hostName,
        // The local Azure serves https here as well, because SDKs send no token over http.
        endpoint: pulumi.interpolate`https://${service.hostName}`,
        // A created identity is known before the service is, so its roles can be assigned beside the service.
        principalId: created?.principalId ?? service.identity.apply((identity) => servicePrincipalId(identity) ?? ""),
        identityClientId:
            created?.clientId ??
            service.identity.apply(
                (identity) => Object.values(identity?.userAssignedIdentities ?? {})[0]?.clientId ?? "",
            ),
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
