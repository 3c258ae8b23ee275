import { AutoscaleSetting } from "@pulumi/azure-native/monitor";
import * as pulumi from "@pulumi/pulumi";
import { fitName } from "../shared/names";
import { orDefault } from "../shared/shape";
import { type Autoscale, type ServicePlaceArgs, ServiceSku } from "./args";
import { scaleDefaults } from "./scaleCheck";
import { capacityRule, defaultCapacity, isServiceSku } from "./sku";

/** The units that something may have. */
export interface Units {
    sku?: pulumi.Input<string>;
    /** Units to start with. */
    capacity?: pulumi.Input<number>;
    autoscale: Autoscale;
}

export type ScaledArgs = Units & Pick<ServicePlaceArgs, "resourceGroupName" | "tags">;

/** A service or a replica of one. */
export interface Scaled {
    id: pulumi.Output<string>;
    name: pulumi.Output<string>;
    location: pulumi.Output<string | undefined>;
}

/** The fewest units that autoscale may leave. */
function fewestOf({ sku, autoscale }: Units): pulumi.Output<number> {
    return pulumi
        .all([orDefault<string>(sku, ServiceSku.StandardS1), autoscale.minimumCapacity])
        .apply(([known, fewest]) => fewest ?? (isServiceSku(known) ? defaultCapacity(known) : 1));
}

/**
 * The units that an update sends: those that the service has now, or those to start with where there is no service yet. Pulumi's
 * `ignoreChanges` would not do: it keeps the units of the last update, and Azure takes a whole service in every update of it, so that an
 * update of a tag would set an autoscaled service back. Source: `defaultUpdate` in pulumi-azure-native, provider.go.
 */
export function currentCapacity(
    args: Units,
    read: () => pulumi.Output<{ capacity?: number } | undefined>,
): pulumi.Output<number> {
    const start = orDefault<number>(args.capacity, fewestOf(args));
    return pulumi
        .all([orDefault<string>(args.sku, ServiceSku.StandardS1), start, read()])
        .apply(([sku, units, found]) => {
            const now = found?.capacity;
            const fits = now !== undefined && isServiceSku(sku) && capacityRule(sku, now) === undefined;
            return fits ? now : units;
        });
}

/** Source of metrics, times and steps: https://learn.microsoft.com/azure/azure-web-pubsub/howto-scale-autoscale */
export function createAutoscale(
    name: string,
    { scaled, ...args }: ScaledArgs & { scaled: Scaled },
    opts: pulumi.CustomResourceOptions,
): AutoscaleSetting {
    const { autoscale, capacity, resourceGroupName, tags } = args;
    const fewest = fewestOf(args);
    const above = orDefault(autoscale.scaleOutAbove, scaleDefaults.scaleOutAbove);
    const below = orDefault(autoscale.scaleInBelow, scaleDefaults.scaleInBelow);
    const textOf = (units: pulumi.Input<number>) => pulumi.output(units).apply(String);
    const metrics = ["ConnectionQuotaUtilization", "ServerLoad"];
    const rule = (metricName: string, step: Step) => createRule({ metricName, ...step, resourceUri: scaled.id });
    return new AutoscaleSetting(
        `${name}-autoscale`,
        {
            autoscaleSettingName: scaled.name.apply((known) => `${fitName(known, 240)}-autoscale`),
            resourceGroupName,
            location: scaled.location.apply((known) => known ?? ""),
            tags,
            // Off is the SDK's default.
            enabled: true,
            targetResourceUri: scaled.id,
            profiles: [
                {
                    name: "load",
                    capacity: {
                        minimum: textOf(fewest),
                        maximum: textOf(autoscale.maximumCapacity),
                        // What the service gets while Azure has no metrics of it.
                        default: textOf(orDefault<number>(capacity, fewest)),
                    },
                    // One rule is enough to add units, and all must hold to give some back.
                    rules: [
                        ...metrics.map((metric) => rule(metric, { direction: "Increase", threshold: above })),
                        ...metrics.map((metric) => rule(metric, { direction: "Decrease", threshold: below })),
                    ],
                },
            ],
        },
        opts,
    );
}

interface Step {
    direction: "Increase" | "Decrease";
    threshold: pulumi.Input<number>;
}

function createRule(options: Step & { metricName: string; resourceUri: pulumi.Input<string> }) {
    const { direction, threshold, metricName, resourceUri } = options;
    return {
        metricTrigger: {
            metricName,
            metricResourceUri: resourceUri,
            operator: direction === "Increase" ? ("GreaterThan" as const) : ("LessThan" as const),
            threshold,
            statistic: "Average" as const,
            timeAggregation: "Average" as const,
            timeGrain: "PT1M",
            timeWindow: "PT5M",
        },
        // The tier's next number of units: after 10 come 20, and Azure refuses 11.
        scaleAction: { direction, type: "ServiceAllowedNextValue" as const, value: "1", cooldown: "PT30M" },
    };
}
