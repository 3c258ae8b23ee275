import * as pulumi from "@pulumi/pulumi";
import { armIdRule } from "../shared/armId";
import { type Checks, isKnown, isLater, oneOf, type Rule, show, startChecks, wholeNumber } from "../shared/checks";
import { type AddFault, checkTargets, patternRule } from "../shared/eventTargets";
import { nameRule } from "../shared/names";
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
import { signalRServiceShape, webPubSubServiceShape } from "./shape";
import { capacityRule, clientCertificatesRule, isServiceSku } from "./sku";

export const serviceIdRules = {
    webPubSub: armIdRule("Microsoft.SignalRService/webPubSub"),
    signalR: armIdRule("Microsoft.SignalRService/signalR"),
};

/** Checks the args of SocketIOService and WebPubSubService; throws every fault at once. */
export function checkWebPubSubArgs<A extends AdoptableServiceArgs & ServicePlaceArgs>(component: string, given: A): A {
    const checks = startChecks(component);
    const args = readArgs<AdoptableServiceArgs & ServicePlaceArgs>(checks, given, webPubSubServiceShape) as A;
    const checked = {
        ...args,
        ...checkAdoptable(checks, args, serviceIdRules.webPubSub),
        ...checkServiceOptions(checks, args),
        ...checkPlace(checks, args),
    };
    checks.refuse();
    return checked;
}

/** Checks the args of SignalRService; throws every fault at once. */
export function checkSignalRServiceArgs(component: string, given: SignalRServiceArgs): SignalRServiceArgs {
    const checks = startChecks(component);
    const args = readArgs(checks, given, signalRServiceShape);
    const checked = {
        ...args,
        ...checkAdoptable(checks, args, serviceIdRules.signalR),
        ...checkServiceOptions(checks, args),
        ...checkSignalROptions(checks, args),
        ...checkPlace(checks, args),
        upstreamTemplates: checkUpstreams(checks, args.upstreamTemplates, { urlOptional: false }),
    };
    checks.refuse();
    return checked;
}

function checkPlace(checks: Checks, args: ServicePlaceArgs): Pick<ServicePlaceArgs, "tags"> {
    return { tags: checks.input("tags", args.tags, tagsRule) };
}

/** Checks what every realtime service takes, alone or inside a backend. */
export function checkServiceOptions<A extends ServiceOptionsArgs>(checks: Checks, args: A): ServiceOptionsArgs {
    const sku = args.sku ?? ServiceSku.StandardS1;
    const withSku =
        <T>(rule: (sku: ServiceSku, value: T) => string | undefined) =>
        (known: string, value: T) =>
            isServiceSku(known) ? rule(known, value) : undefined;
    return {
        serviceName: checks.input("serviceName", args.serviceName, nameRule("service")),
        sku: checks.input("sku", args.sku, oneOf(ServiceSku)),
        capacity: together(checks, "capacity", { sku, value: args.capacity, rule: withSku(capacityRule) }),
        clientCertEnabled: together(checks, "clientCertEnabled", {
            sku,
            value: args.clientCertEnabled,
            rule: withSku(clientCertificatesRule),
        }),
        serviceUserAssignedIdentityId: checks.input(
            "serviceUserAssignedIdentityId",
            args.serviceUserAssignedIdentityId,
            armIdRule("Microsoft.ManagedIdentity/userAssignedIdentities"),
        ),
        publicNetworkAccess: checks.input("publicNetworkAccess", args.publicNetworkAccess, oneOf(ServiceNetworkAccess)),
    };
}

/** A check that needs the pricing tier as well. It runs at once when both are plain, else when both are known. */
function together<T>(
    checks: Checks,
    path: string,
    question: {
        sku: pulumi.Input<string>;
        value: pulumi.Input<T> | undefined;
        rule: (sku: string, value: T) => string | undefined;
    },
): pulumi.Input<T> | undefined {
    const { sku, value, rule } = question;
    if (value === undefined) {
        return undefined;
    }
    if (!isLater(sku)) {
        return checks.input<T>(path, value, (given) => rule(sku as string, given));
    }
    const both = pulumi.all([sku, value]).apply(([known, given]) => ({ known, given: given as T }));
    const test: Rule<{ known: string; given: T }> = ({ known, given }) => rule(known, given);
    return checks.input(path, both, test).apply(({ given }) => given);
}

const optionsOfNewServices = [
    "serviceName",
    "sku",
    "capacity",
    "serviceIdentityType",
    "serviceUserAssignedIdentityId",
    "publicNetworkAccess",
    "clientCertEnabled",
    "networkACLs",
    "liveTraceConfiguration",
    "upstreamTemplates",
    "allowedOrigins",
    "connectionTimeoutInSeconds",
    "features",
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
            "it needs serviceIdentityType UserAssigned; the service uses one identity only.",
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

const featuresRule: Rule<readonly { flag?: string }[]> = (features) =>
    features.some(({ flag }) => flag?.toLowerCase() === "servicemode")
        ? "ServiceMode is always Serverless here. Remove it."
        : undefined;

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
