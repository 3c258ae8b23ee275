import type * as pulumi from "@pulumi/pulumi";
import { armIdRule } from "../shared/armId";
import { type Checks, isKnown, oneOf, type Rule, show, startChecks, wholeNumber } from "../shared/checks";
import { type AddFault, checkTargets, patternRule } from "../shared/eventTargets";
import { nameRule } from "../shared/names";
import { checkNaming } from "../shared/naming";
import { checkPrivateEndpoint, type EndpointGroup, type PrivateEndpointPlace } from "../shared/privateEndpoint";
import { readArgs } from "../shared/shape";
import { tagsRule } from "../shared/tags";
import {
    type AdoptableServiceArgs,
    ServiceIdentity,
    ServiceNetworkAccess,
    type ServiceOptionsArgs,
    type ServicePlaceArgs,
    ServiceSku,
    type SignalROptionsArgs,
    type SignalRServiceArgs,
    type UpstreamSelection,
} from "./args";
import { checkCustomDomains } from "./customDomain";
import { checkScale } from "./scaleCheck";
import { signalRServiceShape, webPubSubServiceShape } from "./shape";
import { capacityRule, clientCertificatesRule } from "./sku";
import { checkWithTier } from "./tier";

export const serviceIdRules = {
    webPubSub: armIdRule("Microsoft.SignalRService/webPubSub"),
    signalR: armIdRule("Microsoft.SignalRService/signalR"),
};

/** Args of a service whose endpoint's place is plain. */
export type Placed<A> = Omit<A, "privateEndpoint"> & { privateEndpoint: PrivateEndpointPlace | undefined };

/** Checks the args of SocketIOService and WebPubSubService; throws every fault at once. */
export function checkWebPubSubArgs<A extends AdoptableServiceArgs & ServicePlaceArgs>(
    component: string,
    given: A,
): Placed<A> {
    const checks = startChecks(component);
    const args = readArgs<AdoptableServiceArgs & ServicePlaceArgs>(checks, given, webPubSubServiceShape) as A;
    const checked = {
        ...args,
        ...checkAdoptable(checks, args, serviceIdRules.webPubSub),
        ...checkServiceOptions(checks, args),
        ...checkPlace(checks, args, "webpubsub"),
    };
    checkNaming(checks, args.naming, serviceKindsOf(args, "wps"));
    checks.refuse();
    return checked;
}

/** Checks the args of SignalRService; throws every fault at once. */
export function checkSignalRServiceArgs(component: string, given: SignalRServiceArgs): Placed<SignalRServiceArgs> {
    const checks = startChecks(component);
    const args = readArgs(checks, given, signalRServiceShape);
    const checked = {
        ...args,
        ...checkAdoptable(checks, args, serviceIdRules.signalR),
        ...checkServiceOptions(checks, args),
        ...checkSignalROptions(checks, args),
        ...checkPlace(checks, args, "signalr"),
        upstreamTemplates: checkUpstreams(checks, args.upstreamTemplates, { urlOptional: false }),
    };
    checkNaming(checks, args.naming, serviceKindsOf(args, "sigr"));
    checks.refuse();
    return checked;
}

/** Kinds of names that a service needs, each with what makes a name needless. */
export function serviceKindsOf(args: AdoptableServiceArgs, kind: "wps" | "sigr") {
    const own = args.serviceIdentityType === ServiceIdentity.SystemAssigned;
    return {
        [kind]: args.serviceName ?? args.serviceId,
        ...(!own && { idsvc: args.serviceUserAssignedIdentityId ?? args.serviceId }),
    };
}

const roleDelayRule = wholeNumber({ min: 0, max: 1800, unit: "seconds" });

function checkPlace(
    checks: Checks,
    args: ServicePlaceArgs,
    group: EndpointGroup,
): Pick<ServicePlaceArgs, "tags" | "roleDelaySeconds"> & { privateEndpoint: PrivateEndpointPlace | undefined } {
    return {
        roleDelaySeconds: checks.input("roleDelaySeconds", args.roleDelaySeconds, roleDelayRule),
        tags: checks.input("tags", args.tags, tagsRule),
        privateEndpoint: checkPrivateEndpoint(checks, "privateEndpoint", args.privateEndpoint, [group]),
    };
}

const privateSkuRule: Rule<string> = (sku) =>
    oneOf(ServiceSku)(sku) ??
    (sku === ServiceSku.FreeF1
        ? "Free_F1 has no private endpoints. Use Standard_S1 or higher, or leave the network out."
        : undefined);

/** What puts a service, or the backend around it, into a network. */
type Networked = { privateEndpoint?: unknown; privateNetwork?: unknown };

/** Checks what every realtime service takes, alone or inside a backend. */
export function checkServiceOptions<A extends ServiceOptionsArgs & Networked>(
    checks: Checks,
    args: A,
): ServiceOptionsArgs {
    const isPrivate = args.privateEndpoint !== undefined || args.privateNetwork !== undefined;
    const sku = checks.input("sku", args.sku, isPrivate ? privateSkuRule : oneOf(ServiceSku));
    const tier = sku ?? ServiceSku.StandardS1;
    return {
        serviceName: checks.input("serviceName", args.serviceName, nameRule("service")),
        clientCertEnabled: checkWithTier(checks, "clientCertEnabled", {
            sku: tier,
            value: args.clientCertEnabled,
            rule: clientCertificatesRule,
        }),
        serviceUserAssignedIdentityId: checks.input(
            "serviceUserAssignedIdentityId",
            args.serviceUserAssignedIdentityId,
            armIdRule("Microsoft.ManagedIdentity/userAssignedIdentities"),
        ),
        customDomains: checkCustomDomains(checks, args.customDomains, tier),
        publicNetworkAccess: checks.input("publicNetworkAccess", args.publicNetworkAccess, oneOf(ServiceNetworkAccess)),
        ...checkScale(checks, {
            ...args,
            sku,
            capacity: checkWithTier(checks, "capacity", { sku: tier, value: args.capacity, rule: capacityRule }),
        }),
    };
}

const optionsOfNewServices = [
    "serviceName",
    "sku",
    "capacity",
    "serviceIdentityType",
    "serviceUserAssignedIdentityId",
    "publicNetworkAccess",
    "clientCertEnabled",
    "customDomains",
    "networkACLs",
    "liveTraceConfiguration",
    "privateEndpoint",
    "upstreamTemplates",
    "allowedOrigins",
    "connectionTimeoutInSeconds",
    "features",
    "resourceLogConfiguration",
    "autoscale",
    "replicas",
] as const;

/** Checks the id of a service that exists already, and the identity of a new one. */
export function checkAdoptable<A extends AdoptableServiceArgs>(
    checks: Checks,
    args: A,
    idRule: Rule<string>,
): Pick<AdoptableServiceArgs, "serviceId"> {
    if (args.serviceId !== undefined) {
        const given: Partial<Record<(typeof optionsOfNewServices)[number], unknown>> = args;
        for (const key of optionsOfNewServices.filter((option) => given[option] !== undefined)) {
            checks.fault(key, "it is for a new service, and serviceId names one that exists. Remove one of them.");
        }
    }
    checks.plain("serviceIdentityType", args.serviceIdentityType, oneOf(ServiceIdentity));
    if (
        args.serviceIdentityType === ServiceIdentity.SystemAssigned &&
        args.serviceUserAssignedIdentityId !== undefined
    ) {
        checks.fault(
            "serviceUserAssignedIdentityId",
            "it needs serviceIdentityType UserAssigned; the service uses one identity only. Change serviceIdentityType, or remove it.",
        );
    }
    return { serviceId: checks.input("serviceId", args.serviceId, idRule) };
}

const connectionTimeoutRule = wholeNumber({ min: 1, max: 120, unit: "seconds" });

const originRule: Rule<string> = (value) =>
    value === "*" || (/^https?:\/\/[^/?#\s]+$/i.test(value) && URL.canParse(value))
        ? undefined
        : `${show(value)} is not an origin. Allowed: *, or scheme and host such as https://chat.example.com, without a path.`;

const originsRule: Rule<readonly string[]> = (origins) => {
    if (origins.length === 0) {
        return "it is empty, so no page could connect. Allowed: *, or origins such as https://chat.example.com.";
    }
    return origins.map(originRule).find((reason) => reason !== undefined);
};

const featuresRule: Rule<readonly { flag?: string; value?: string }[]> = (features) => {
    const reasons = features.map(({ flag = "", value = "true" }) => {
        if (flag.toLowerCase() === "servicemode") {
            return "ServiceMode is always Serverless here. Remove it.";
        }
        return /^(true|false)$/i.test(value)
            ? undefined
            : `${show(value)} is not a value of ${flag}. Allowed: true, false.`;
    });
    return reasons.find((reason) => reason !== undefined);
};

/** Checks what only a SignalR Service takes, alone or inside a backend. */
export function checkSignalROptions(
    checks: Checks,
    args: SignalROptionsArgs,
): Pick<SignalROptionsArgs, "allowedOrigins" | "connectionTimeoutInSeconds" | "features"> {
    return {
        allowedOrigins: checks.list("allowedOrigins", args.allowedOrigins, originsRule),
        connectionTimeoutInSeconds: checks.input(
            "connectionTimeoutInSeconds",
            args.connectionTimeoutInSeconds,
            connectionTimeoutRule,
        ),
        features: checks.list("features", args.features, featuresRule),
    };
}

type Upstreams<T> = pulumi.Input<pulumi.Input<T>[]> | undefined;

/** Checks upstream templates; a backend may leave a template's URL out. */
export function checkUpstreams<T extends UpstreamSelection & { urlTemplate?: pulumi.Input<string> }>(
    checks: Checks,
    templates: Upstreams<T>,
    { urlOptional }: { urlOptional: boolean },
): Upstreams<T> {
    const placeholders = ["hub", "category", "event"];
    return checkTargets<T, Upstreams<T>>(checks, "upstreamTemplates", templates, {
        placeholders,
        urlOptional,
        look: lookAtSelection,
    });
}

function lookAtSelection({ hubPattern, categoryPattern, eventPattern }: UpstreamSelection, add: AddFault): void {
    const look = (part: string, value: pulumi.Input<string> | undefined, rule: Rule<string>): void => {
        if (value !== undefined && isKnown(value)) {
            add(part, rule(value));
        }
    };
    look("hubPattern", hubPattern, patternRule("hub"));
    look("categoryPattern", categoryPattern, categoryPatternRule);
    look("eventPattern", eventPattern, patternRule("event"));
}

const categories = ["*", "connections", "messages"];

const categoryPatternRule: Rule<string> = (value) =>
    typeof value === "string" && value.split(",").every((part) => categories.includes(part.trim()))
        ? undefined
        : `${show(value)} is not a pattern. Allowed: * for both, connections, messages, or both with a comma.`;
