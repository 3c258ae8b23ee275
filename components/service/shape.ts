import { authShape } from "../shared/eventTargets";
import { decisive, flag, list, map, number, object, plain, required, type ShapesOf, text } from "../shared/shape";
import type {
    AdoptableServiceArgs,
    IPRule,
    LiveTraceCategory,
    LiveTraceConfiguration,
    NetworkACL,
    NetworkACLs,
    PrivateEndpointACL,
    ServiceOptionsArgs,
    ServicePlaceArgs,
    SignalRFeature,
    SignalROptionsArgs,
    SignalRServiceArgs,
    SocketIOServiceArgs,
    UpstreamTemplate,
} from "./args";

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

export const serviceOptionsShape: ShapesOf<ServiceOptionsArgs> = {
    serviceName: text,
    sku: text,
    capacity: number,
    clientCertEnabled: flag,
    liveTraceConfiguration: liveTrace,
    serviceUserAssignedIdentityId: decisive(text),
    publicNetworkAccess: text,
    networkACLs,
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
    tags: map,
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
};

export const signalRServiceShape: ShapesOf<SignalRServiceArgs> = {
    ...signalROptionsShape,
    ...adoptableServiceShape,
    ...placeShape,
    upstreamTemplates: list(object<UpstreamTemplate>(upstreamTemplateShape)),
};
