import { authShape } from "../shared/eventTargets";
import { namingShape } from "../shared/naming";
import { privateEndpointShape } from "../shared/privateEndpoint";
import { decisive, flag, list, map, number, object, plain, required, type ShapesOf, text } from "../shared/shape";
import type {
    AdoptableServiceArgs,
    Autoscale,
    IPRule,
    LiveTraceCategory,
    LiveTraceConfiguration,
    NetworkACL,
    NetworkACLs,
    PrivateEndpointACL,
    Replica,
    ResourceLogCategory,
    ResourceLogConfiguration,
    ServiceOptionsArgs,
    ServicePlaceArgs,
    SignalRFeature,
    SignalROptionsArgs,
    SignalRServiceArgs,
    SocketIOServiceArgs,
    UpstreamTemplate,
} from "./args";
import { customDomainsShape } from "./customDomain";

const liveTrace = object<LiveTraceConfiguration>({
    enabled: text,
    categories: list(object<LiveTraceCategory>({ name: text, enabled: text })),
});

const networkACL: ShapesOf<NetworkACL> = { allow: list(text), deny: list(text) };

const networkACLs = object<NetworkACLs>({
    defaultAction: text,
    ipRules: list(object<IPRule>({ action: text, value: text })),
    privateEndpoints: list(object<PrivateEndpointACL>({ ...networkACL, name: required(text) })),
    publicNetwork: object<NetworkACL>(networkACL),
});

const autoscale = object<Autoscale>({
    minimumCapacity: number,
    maximumCapacity: required(number, "the most units"),
    scaleOutAbove: number,
    scaleInBelow: number,
});

const replica = object<Replica>({
    name: plain(required(text)),
    location: required(text, "an Azure region"),
    capacity: number,
    regionEndpointEnabled: flag,
});

const resourceLogs = object<ResourceLogConfiguration>({
    categories: list(object<ResourceLogCategory>({ name: text, enabled: text })),
});

export const serviceOptionsShape: ShapesOf<ServiceOptionsArgs> = {
    serviceName: text,
    sku: text,
    capacity: number,
    clientCertEnabled: flag,
    protectData: plain(flag),
    liveTraceConfiguration: liveTrace,
    serviceUserAssignedIdentityId: decisive(text),
    customDomains: customDomainsShape,
    publicNetworkAccess: text,
    networkACLs,
    autoscale: plain(autoscale),
    replicas: plain(list(plain(replica))),
};

export const adoptableServiceShape: ShapesOf<AdoptableServiceArgs> = {
    ...serviceOptionsShape,
    serviceIdentityType: plain(text),
    serviceId: decisive(text),
};

const placeShape: ShapesOf<ServicePlaceArgs> = {
    resourceGroupName: required(text),
    location: text,
    disableLocalAuth: plain(flag),
    roleDelaySeconds: number,
    naming: namingShape,
    tags: map,
    privateEndpoint: privateEndpointShape,
};

export const webPubSubServiceShape: ShapesOf<SocketIOServiceArgs> = { ...adoptableServiceShape, ...placeShape };

/** A rule asks for the URL, in the words of a URL. */
export const upstreamTemplateShape: ShapesOf<UpstreamTemplate> = {
    urlTemplate: text,
    hubPattern: text,
    categoryPattern: text,
    eventPattern: text,
    auth: authShape,
};

export const signalROptionsShape: ShapesOf<SignalROptionsArgs> = {
    ...serviceOptionsShape,
    allowedOrigins: list(text),
    connectionTimeoutInSeconds: number,
    features: list(object<SignalRFeature>({ flag: required(text), value: required(text), properties: map })),
    resourceLogConfiguration: resourceLogs,
};

export const signalRServiceShape: ShapesOf<SignalRServiceArgs> = {
    ...signalROptionsShape,
    ...adoptableServiceShape,
    ...placeShape,
    upstreamTemplates: list(object<UpstreamTemplate>(upstreamTemplateShape)),
};
