import { authShape } from "../shared/eventTargets";
import { namingShape } from "../shared/naming";
import { location, resourceGroup } from "../shared/places";
import { privateEndpointShape } from "../shared/privateEndpoint";
import {
    choice,
    decisive,
    filled,
    flag,
    list,
    map,
    number,
    object,
    plain,
    required,
    ruled,
    type ShapesOf,
    text,
} from "../shared/shape";
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

const bool = choice("true", "false");
const category = { name: choice("ConnectivityLogs", "MessagingLogs", "HttpRequestLogs"), enabled: bool };

const liveTrace = object<LiveTraceConfiguration>({
    enabled: bool,
    categories: list(object<LiveTraceCategory>(category)),
});

// Source: WebPubSubRequestType, SignalRRequestType and ACLAction of azure-rest-api-specs.
const requests = list(choice("ClientConnection", "ServerConnection", "RESTAPI", "Trace"));
const networkACL: ShapesOf<NetworkACL> = { allow: requests, deny: requests };
const action = choice("Allow", "Deny");

const networkACLs = object<NetworkACLs>({
    defaultAction: action,
    ipRules: list(object<IPRule>({ action, value: filled })),
    privateEndpoints: list(object<PrivateEndpointACL>({ ...networkACL, name: required(filled) })),
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
    location: required(location, "an Azure region"),
    capacity: number,
    regionEndpointEnabled: flag,
});

// The check says why ServiceMode is refused.
const known = choice("EnableConnectivityLogs", "EnableMessagingLogs", "EnableLiveTrace");
const feature = ruled((value) => (/^servicemode$/i.test(value) ? undefined : known.rule?.(value)));

const resourceLogs = object<ResourceLogConfiguration>({
    categories: list(object<ResourceLogCategory>(category)),
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
    resourceGroupName: resourceGroup,
    location,
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
    features: list(object<SignalRFeature>({ flag: required(feature), value: required(text), properties: map })),
    resourceLogConfiguration: resourceLogs,
};

export const signalRServiceShape: ShapesOf<SignalRServiceArgs> = {
    ...signalROptionsShape,
    ...adoptableServiceShape,
    ...placeShape,
    upstreamTemplates: list(object<UpstreamTemplate>(upstreamTemplateShape)),
};
