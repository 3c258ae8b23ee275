import * as pulumi from "@pulumi/pulumi";
import { HostingPlan } from "../functionApp/args";
import { planFacts } from "../functionApp/hosting";
import { addressPrefixRule } from "../shared/addresses";
import { armIdRule, parseArmId } from "../shared/armId";
import { type Checks, isLater, oneOf, type Rule, show, startChecks } from "../shared/checks";
import { checkNaming } from "../shared/naming";
import { type EndpointGroup, type PrivateDnsZoneIds, subnetIdRule } from "../shared/privateEndpoint";
import { RealtimeExtension } from "../shared/serviceKinds";
import { itemsOf, readArgs } from "../shared/shape";
import { tagsRule } from "../shared/tags";
import {
    AzureCloud,
    LinkTarget,
    type PrivateNetworkArgs,
    type PrivateNetworkOptionsArgs,
    type SharedPrivateLinkArgs,
} from "./args";
import { privateNetworkShape, sharedPrivateLinkShape } from "./shape";
import { configuredCloud, endpointGroups, zoneName, zoneNamesOf } from "./zones";

/** What the check of a network settles. */
export interface ResolvedNetwork {
    createDnsZones: boolean;
    cloud: AzureCloud;
}

export type CheckedPrivateNetworkArgs = Omit<PrivateNetworkArgs, "groupIds" | "plan"> &
    ResolvedNetwork & { groupIds: EndpointGroup[]; plan: HostingPlan };

/** Checks the args of PrivateNetwork; throws every fault at once. */
export function checkPrivateNetworkArgs(component: string, given: PrivateNetworkArgs): CheckedPrivateNetworkArgs {
    const checks = startChecks(component);
    const args = readArgs(checks, given, privateNetworkShape);
    const plan = args.plan ?? HostingPlan.FlexConsumption;
    const groupIds = itemsOf(args.groupIds);
    for (const [index, group] of groupIds.entries()) {
        checks.plain(`groupIds[${index}]`, group, oneOf(endpointGroups));
    }
    const known = endpointGroups.filter((group) => groupIds.includes(group));
    const checked = {
        ...args,
        ...checkNetworkOptions(checks, args, { plan, groupIds: known }),
        plan,
        groupIds: known,
        tags: checks.input("tags", args.tags, tagsRule),
    };
    checkNaming(checks, args.naming, { vnet: args.appSubnetId });
    checks.plain("plan", plan, oneOf(HostingPlan));
    if (plan === HostingPlan.Consumption) {
        checks.fault("plan", noNetworkOn(plan));
    }
    checks.refuse();
    return checked;
}

/** Consumption runs apps on shared machines, outside of any network. */
export function noNetworkOn(plan: HostingPlan): string {
    return `${plan} has no network integration. Use ElasticPremium, Dedicated or, without a Socket.IO trigger, FlexConsumption.`;
}

interface Question {
    plan: HostingPlan;
    groupIds: readonly EndpointGroup[];
}

/** Checks what every private network takes, alone or inside a backend. */
export function checkNetworkOptions(
    checks: Checks,
    args: PrivateNetworkOptionsArgs,
    question: Question,
): PrivateNetworkOptionsArgs & ResolvedNetwork {
    const { appSubnetId, endpointSubnetId } = args;
    for (const [path, other] of [
        ["appSubnetId", "endpointSubnetId"],
        ["endpointSubnetId", "appSubnetId"],
    ] as const) {
        if (args[path] === undefined && args[other] !== undefined) {
            checks.fault(path, `it goes with ${other}. Give both for a network that exists, or neither.`);
        }
    }
    if (args.addressPrefix !== undefined && (appSubnetId !== undefined || endpointSubnetId !== undefined)) {
        checks.fault("addressPrefix", "it is for a new virtual network, and subnets are given. Remove one of them.");
    }
    return {
        addressPrefix: checks.input("addressPrefix", args.addressPrefix, addressPrefixRule),
        appSubnetId: checks.input("appSubnetId", appSubnetId, appSubnetRule(question.plan)),
        endpointSubnetId: checkEndpointSubnet(checks, args),
        ...checkZones(checks, args, question),
    };
}

/** Source: https://learn.microsoft.com/azure/azure-functions/flex-consumption-how-to, "the subnet name can't contain underscores". */
function appSubnetRule(plan: HostingPlan): Rule<string> {
    return (id) => {
        const name = parseArmId(id)?.name ?? "";
        return (
            subnetIdRule(id) ??
            (plan === HostingPlan.FlexConsumption && name.includes("_")
                ? `${show(name)} has an underscore, and FlexConsumption takes no such subnet. Use a subnet of another name.`
                : undefined)
        );
    };
}

function checkEndpointSubnet(checks: Checks, args: PrivateNetworkOptionsArgs): pulumi.Input<string> | undefined {
    const { appSubnetId, endpointSubnetId } = args;
    const path = "endpointSubnetId";
    const rule = (id: string, other: unknown) =>
        subnetIdRule(id) ??
        (typeof other === "string" && other.toLowerCase() === id.toLowerCase()
            ? "it is the app's subnet as well, and Azure lets nothing else into that one. Use two subnets."
            : undefined);
    if (endpointSubnetId === undefined || !isLater(appSubnetId)) {
        return checks.input<string>(path, endpointSubnetId, (id) => rule(id, appSubnetId));
    }
    const both = pulumi.all([endpointSubnetId, appSubnetId ?? ""]).apply(([id, other]) => ({ id, other }));
    return checks
        .input(path, both, ({ id, other }: { id: string; other: string }) => rule(id, other))
        .apply(({ id }) => id);
}

const zoneIdRule = armIdRule("Microsoft.Network/privateDnsZones");

function checkZones(
    checks: Checks,
    args: PrivateNetworkOptionsArgs,
    { groupIds }: Question,
): ResolvedNetwork & Pick<PrivateNetworkOptionsArgs, "dnsZoneIds"> {
    const { dnsZoneIds, createDnsZones = dnsZoneIds === undefined } = args;
    const cloud = args.cloud ?? configuredCloud();
    checks.plain("cloud", cloud, oneOf(AzureCloud));
    if (dnsZoneIds !== undefined && createDnsZones) {
        checks.fault("createDnsZones", "it is true, and dnsZoneIds names zones that exist. Remove one of them.");
    }
    const missing = groupIds.filter((group) => dnsZoneIds !== undefined && dnsZoneIds[group] === undefined);
    if (missing.length > 0) {
        checks.fault(
            "dnsZoneIds",
            `there is no zone for ${missing.join(", ")}. Name one for every endpoint that the network has.`,
        );
    }
    for (const group of groupIds) {
        if (createDnsZones && Object.hasOwn(AzureCloud, cloud) && zoneName(group, cloud) === undefined) {
            checks.fault(
                "createDnsZones",
                `Azure names no private DNS zone for ${group} in the cloud ${cloud}. Give dnsZoneIds, or false and write the records yourself.`,
            );
        }
    }
    return { dnsZoneIds: dnsZoneIds && checkZoneIds(checks, dnsZoneIds), createDnsZones, cloud };
}

function checkZoneIds(checks: Checks, ids: PrivateDnsZoneIds): PrivateDnsZoneIds {
    const part = checks.at("dnsZoneIds.");
    const entries = endpointGroups.map((group) => {
        const names = zoneNamesOf(group);
        const rule: Rule<string> = (id) => {
            const name = parseArmId(id)?.name.toLowerCase() ?? "";
            return (
                zoneIdRule(id) ??
                (names.includes(name)
                    ? undefined
                    : `${show(name)} is not a zone for ${group}. Allowed: ${names.join(", ")}.`)
            );
        };
        return [group, part.input(group, ids[group], rule)];
    });
    return Object.fromEntries(entries.filter(([, id]) => id !== undefined));
}

const linkNameRule: Rule<string> = (value) =>
    typeof value === "string" && /^[A-Za-z0-9][A-Za-z0-9-]{0,49}$/.test(value)
        ? undefined
        : `${show(value)} is not a name of a link. Allowed: 1-50 letters, digits and hyphens, no hyphen first.`;

/** Checks the args of SharedPrivateLink; throws every fault at once. */
export function checkSharedPrivateLinkArgs(component: string, given: SharedPrivateLinkArgs): SharedPrivateLinkArgs {
    const checks = startChecks(component);
    const args = readArgs(checks, given, sharedPrivateLinkShape);
    checks.plain("service", args.service, oneOf(RealtimeExtension));
    checks.plain("groupId", args.groupId, oneOf(LinkTarget));
    checks.plain("linkName", args.linkName, linkNameRule);
    const type = args.groupId === LinkTarget.Sites ? "Microsoft.Web/sites" : "Microsoft.KeyVault/vaults";
    const checked = {
        ...args,
        targetId: checks.input("targetId", args.targetId, armIdRule(type)),
        tags: checks.input("tags", args.tags, tagsRule),
    };
    checks.refuse();
    return checked;
}

/** What a subnet of an app on a plan is delegated to. */
export function delegationOf(plan: HostingPlan): string {
    return planFacts(plan).delegation ?? "";
}
