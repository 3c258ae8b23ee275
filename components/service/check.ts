import * as pulumi from "@pulumi/pulumi";
import { armIdRule } from "../shared/armId";
import { type Checks, isLater, oneOf } from "../shared/checks";
import { nameRule } from "../shared/names";
import { tagsRule } from "../shared/tags";
import { clientCertificatesRule, isServiceSku, ServiceSku, unitsRule } from "./sku";

/** Whose identity the service uses; it uses one only. */
export const ServiceIdentity = { SystemAssigned: "SystemAssigned", UserAssigned: "UserAssigned" } as const;
export type ServiceIdentity = (typeof ServiceIdentity)[keyof typeof ServiceIdentity];

/** Whether the service can be reached from the internet. */
export const ServiceNetworkAccess = { Enabled: "Enabled", Disabled: "Disabled" } as const;
export type ServiceNetworkAccess = (typeof ServiceNetworkAccess)[keyof typeof ServiceNetworkAccess];

/** The part of the args that the rules are about, shared by every kind of service. */
export interface ServiceArgs {
    resourceGroupName: pulumi.Input<string>;
    serviceName?: pulumi.Input<string>;
    existingServiceName?: pulumi.Input<string>;
    location?: pulumi.Input<string>;
    sku?: pulumi.Input<ServiceSku>;
    units?: pulumi.Input<number>;
    identityType?: pulumi.Input<ServiceIdentity>;
    userAssignedIdentityId?: pulumi.Input<string>;
    publicNetworkAccess?: pulumi.Input<ServiceNetworkAccess>;
    clientCertEnabled?: pulumi.Input<boolean>;
    tags?: pulumi.Input<{ [key: string]: pulumi.Input<string> }>;
}

/** Checks a service's args and answers them, outputs guarded. `rename` gives the caller's own names for them. */
export function checkServiceArgs<A extends ServiceArgs>(
    checks: Checks,
    args: A,
    rename: Partial<Record<keyof ServiceArgs, string>> = {},
): A {
    const path = (key: keyof ServiceArgs): string => rename[key] ?? key;
    if (args.existingServiceName !== undefined) {
        refuseBesideExisting({ checks, args, path });
    }
    checkIdentity({ checks, args, path });
    const sku = args.sku ?? ServiceSku.StandardS1;
    return {
        ...args,
        serviceName: checks.input({ path: path("serviceName"), value: args.serviceName, rule: nameRule("service") }),
        existingServiceName: checks.input({
            path: path("existingServiceName"),
            value: args.existingServiceName,
            rule: nameRule("service"),
        }),
        sku: checks.input({ path: path("sku"), value: args.sku, rule: oneOf(ServiceSku) }),
        units: together({
            checks,
            path: path("units"),
            sku,
            value: args.units,
            rule: (known, units) => unitsRule({ sku: known, units }),
        }),
        identityType: checks.input({
            path: path("identityType"),
            value: args.identityType,
            rule: oneOf(ServiceIdentity),
        }),
        userAssignedIdentityId: checks.input({
            path: path("userAssignedIdentityId"),
            value: args.userAssignedIdentityId,
            rule: armIdRule("Microsoft.ManagedIdentity/userAssignedIdentities"),
        }),
        publicNetworkAccess: checks.input({
            path: path("publicNetworkAccess"),
            value: args.publicNetworkAccess,
            rule: oneOf(ServiceNetworkAccess),
        }),
        clientCertEnabled: together({
            checks,
            path: path("clientCertEnabled"),
            sku,
            value: args.clientCertEnabled,
            rule: (known, enabled) => clientCertificatesRule({ sku: known, enabled }),
        }),
        tags: checks.input({ path: path("tags"), value: args.tags, rule: tagsRule }),
    };
}

interface Question {
    checks: Checks;
    args: ServiceArgs;
    path: (key: keyof ServiceArgs) => string;
}

const ofNewServices = [
    "serviceName",
    "sku",
    "units",
    "identityType",
    "userAssignedIdentityId",
    "publicNetworkAccess",
    "clientCertEnabled",
] as const;

function refuseBesideExisting({ checks, args, path }: Question): void {
    for (const key of ofNewServices) {
        if (args[key] !== undefined) {
            checks.fault(
                path(key),
                `it is for a new service, and ${path("existingServiceName")} names one. Remove one of them.`,
            );
        }
    }
}

function checkIdentity({ checks, args, path }: Question): void {
    const type = args.identityType ?? ServiceIdentity.SystemAssigned;
    const id = path("userAssignedIdentityId");
    if (type === ServiceIdentity.UserAssigned && args.userAssignedIdentityId === undefined) {
        checks.fault(
            id,
            `${path("identityType")} is UserAssigned, so the identity's Azure Resource Manager id is needed.`,
        );
    }
    if (type === ServiceIdentity.SystemAssigned && args.userAssignedIdentityId !== undefined) {
        checks.fault(id, `it needs ${path("identityType")} UserAssigned; the service uses one identity only.`);
    }
}

/** A check that needs the price tier as well; it runs at once when both are plain. */
function together<T>({
    checks,
    path,
    sku,
    value,
    rule,
}: {
    checks: Checks;
    path: string;
    sku: pulumi.Input<ServiceSku>;
    value: pulumi.Input<T> | undefined;
    rule: (sku: ServiceSku, value: T) => string | undefined;
}): pulumi.Input<T> | undefined {
    if (value === undefined) {
        return undefined;
    }
    const withSku = (known: ServiceSku) => (given: T) => (isServiceSku(known) ? rule(known, given) : undefined);
    if (!isLater(sku)) {
        return checks.input({ path, value, rule: withSku(sku as ServiceSku) }) as pulumi.Input<T>;
    }
    const both = pulumi.all([sku, value]).apply(([known, given]) => ({ known, given: given as T }));
    return checks
        .input({
            path,
            value: both,
            rule: ({ known, given }: { known: ServiceSku; given: T }) => withSku(known)(given),
        })
        .apply(({ given }) => given);
}
