import type * as pulumi from "@pulumi/pulumi";
import { type Checks, type Rule, show, wholeNumber } from "../shared/checks";
import { itemsOf, orDefault } from "../shared/shape";
import { type Autoscale, type Replica, type ServiceOptionsArgs, ServiceSku } from "./args";
import { capacityRule, defaultCapacity, isServiceSku, skuTier } from "./sku";
import { checkTogether, checkWithTier } from "./tier";

type ScaleArgs = Pick<ServiceOptionsArgs, "sku" | "capacity" | "autoscale" | "replicas">;

export const scaleDefaults = { scaleOutAbove: 70, scaleInBelow: 20 };

// Source: https://learn.microsoft.com/azure/azure-web-pubsub/howto-enable-geo-replication
const mostReplicas = 8;

/** Checks autoscale and replicas against the tier and against each other. */
export function checkScale(checks: Checks, args: ScaleArgs & { serviceId?: unknown }): ScaleArgs {
    const { autoscale: given, replicas: list, capacity } = args;
    // With a service that exists already, another check refuses both.
    if ((given === undefined && list === undefined) || args.serviceId !== undefined) {
        return { sku: args.sku, capacity };
    }
    let sku: pulumi.Input<string> = orDefault<string>(args.sku, ServiceSku.StandardS1);
    for (const option of ["autoscale", "replicas"] as const) {
        if (args[option] !== undefined) {
            sku = checks.input<string, pulumi.Input<string>>(option, sku, premiumRule(option));
        }
    }
    const scaled =
        given === undefined ? { capacity } : checkAutoscale(checks, { capacity, sku, autoscale: given as Autoscale });
    return {
        sku: sku as pulumi.Input<ServiceSku>,
        ...scaled,
        replicas: list && checkReplicas(checks, itemsOf<Replica>(list), sku),
    };
}

const premiumRule =
    (option: string): Rule<string> =>
    (sku) =>
        isServiceSku(sku) && skuTier(sku) !== "Premium"
            ? `it needs a Premium tier, and sku is ${sku}. Use ${ServiceSku.PremiumP1} or ${ServiceSku.PremiumP2}, or leave ${option} out.`
            : undefined;

function checkAutoscale(
    checks: Checks,
    args: { sku: pulumi.Input<string>; capacity: ScaleArgs["capacity"]; autoscale: Autoscale },
): Pick<ScaleArgs, "capacity" | "autoscale"> {
    const { sku, autoscale } = args;
    const part = checks.at("autoscale.");
    const percent = (path: "scaleOutAbove" | "scaleInBelow", min: number, max: number) =>
        part.input(path, autoscale[path], wholeNumber({ min, max, unit: "percent" }));
    const units = (path: "minimumCapacity" | "maximumCapacity") =>
        checkWithTier(part, path, { sku, value: autoscale[path], rule: capacityRule });
    const { minimumCapacity, maximumCapacity } = checkTogether<Range>(
        part,
        "maximumCapacity",
        { sku, minimumCapacity: units("minimumCapacity"), maximumCapacity: units("maximumCapacity") },
        rangeRule,
    );
    const { capacity } = checkTogether<Range & { capacity?: number }>(
        checks,
        "capacity",
        { sku, minimumCapacity, maximumCapacity, capacity: args.capacity },
        startRule,
    );
    const { scaleOutAbove, scaleInBelow } = checkTogether<Thresholds>(
        part,
        "scaleInBelow",
        { scaleOutAbove: percent("scaleOutAbove", 1, 100), scaleInBelow: percent("scaleInBelow", 0, 99) },
        thresholdRule,
    );
    return {
        capacity,
        // Its absence is a fault already.
        autoscale: { minimumCapacity, maximumCapacity: maximumCapacity ?? 0, scaleOutAbove, scaleInBelow },
    };
}

interface Range {
    sku: string;
    minimumCapacity?: number;
    maximumCapacity?: number;
}

interface Thresholds {
    scaleOutAbove?: number;
    scaleInBelow?: number;
}

/** The fewest and the most units; nothing while one of them has a fault of its own. */
function rangeOf({ sku, minimumCapacity, maximumCapacity }: Range): { least: number; most: number } | undefined {
    if (!isServiceSku(sku) || skuTier(sku) !== "Premium" || maximumCapacity === undefined) {
        return undefined;
    }
    const least = minimumCapacity ?? defaultCapacity(sku);
    const isRight = [least, maximumCapacity].every((units) => capacityRule(sku, units) === undefined);
    return isRight ? { least, most: maximumCapacity } : undefined;
}

function rangeRule(range: Range): string | undefined {
    const found = rangeOf(range);
    return found !== undefined && found.most <= found.least
        ? `${found.most} leaves nothing to scale: minimumCapacity is ${found.least}. Give more, or leave autoscale out.`
        : undefined;
}

function startRule(range: Range & { capacity?: number }): string | undefined {
    const found = rangeOf(range);
    const { capacity } = range;
    return found !== undefined && capacity !== undefined && (capacity < found.least || capacity > found.most)
        ? `${show(capacity)} is outside of autoscale. Allowed: ${found.least} to ${found.most}, as units to start with, or leave it out.`
        : undefined;
}

function thresholdRule(given: Thresholds): string | undefined {
    const { scaleOutAbove = scaleDefaults.scaleOutAbove, scaleInBelow = scaleDefaults.scaleInBelow } = given;
    const areRight = [scaleOutAbove, scaleInBelow].every(Number.isInteger) && scaleOutAbove > 0;
    return areRight && scaleInBelow >= scaleOutAbove
        ? `${show(scaleInBelow)} is not less than scaleOutAbove, which is ${show(scaleOutAbove)}, so the service would go up and down. Give less.`
        : undefined;
}

const replicaNameRule: Rule<string> = (value) =>
    typeof value === "string" && /^[a-z0-9]([a-z0-9-]{0,18}[a-z0-9])?$/.test(value)
        ? undefined
        : `${show(value)} is not a short name. Allowed: 1-20 lower case letters, digits and hyphens, no hyphen first or last.`;

function checkReplicas(checks: Checks, replicas: Replica[], sku: pulumi.Input<string>): Replica[] {
    if (replicas.length > mostReplicas) {
        checks.fault("replicas", `${replicas.length} are too many. Allowed: ${mostReplicas} at most.`);
    }
    return replicas.map((replica, index) => {
        const part = checks.at(`replicas[${index}].`);
        part.plain("name", replica.name, replicaNameRule);
        if (replicas.findIndex(({ name }) => name === replica.name) < index && replica.name !== undefined) {
            part.fault("name", `another replica is called ${show(replica.name)}. Give each a name of its own.`);
        }
        const capacity = checkWithTier(part, "capacity", { sku, value: replica.capacity, rule: capacityRule });
        return { ...replica, capacity };
    });
}
