import { ActionGroup, type MetricAlert, type ScheduledQueryRule } from "@pulumi/azure-native/monitor";
import * as pulumi from "@pulumi/pulumi";
import { createSuffix } from "../shared/names";
import { newName } from "../shared/naming";
import { NamedKind } from "../shared/namingArgs";
import { keepNodes, nodesOf } from "../shared/nodes";
import { ifGiven, itemsOf, orDefault } from "../shared/shape";
import type { AlertsArgs } from "./args";
import { checkAlertsArgs, needsGroup } from "./check";
import { createLogAlert, createMetricAlert, type SharedRule } from "./rules";
import { metricNamespaces, serviceSignals } from "./signals";

/** Resources inside an Alerts. */
export interface AlertsNodes {
    /** Not there with `actionGroupIds` and without `emailAddress`. */
    actionGroup?: ActionGroup;
    metricAlerts: MetricAlert[];
    /** Only there for a Web PubSub or Socket.IO service whose `workspaceId` is given. */
    logAlert?: ScheduledQueryRule;
}

/**
 * Alerts on what is most likely to go wrong: a service that is getting full, a service under load, clients that the service turns
 * away, events that fail, and requests to the app that fail.
 *
 * ```ts
 * new Alerts("chat", {
 *     resourceGroupName: group.name,
 *     service: "socketio",
 *     serviceId: service.serviceId,
 *     functionAppId: app.functionAppId,
 *     emailAddress: "ops@example.com",
 * });
 * ```
 */
export class Alerts extends pulumi.ComponentResource {
    /** Azure Resource Manager ids of the action groups that the alerts tell. */
    public readonly actionGroupIds: pulumi.Output<string[]>;

    constructor(name: string, args: AlertsArgs, opts?: pulumi.ComponentResourceOptions) {
        super("azure-realtime:index:Alerts", name, {}, opts);
        const checked = checkAlertsArgs(`Alerts "${name}"`, args);
        const parent = { parent: this };

        const { resourceGroupName, naming, tags, service, serviceId, functionAppId, workspaceId, location } = checked;
        const given = itemsOf(checked.actionGroupIds);
        const actionGroup = needsGroup(checked) ? createActionGroup(name, checked, parent) : undefined;
        const groups = actionGroup === undefined ? given : [...given, actionGroup.id];
        const shared = { resourceGroupName, naming, tags, groups };
        const namespace = metricNamespaces[service];
        const metricAlerts = createServiceAlerts(name, { ...checked, ...shared, scope: serviceId, namespace }, parent);
        for (const [key, scope] of Object.entries(checked.replicaIds ?? {})) {
            const replica = { ...checked, ...shared, scope, namespace: `${namespace}/replicas` };
            metricAlerts.push(...createServiceAlerts(`${name}-${key}`, replica, parent));
        }
        if (functionAppId !== undefined) {
            metricAlerts.push(createRequestAlert(name, { ...checked, ...shared, functionAppId }, parent));
        }
        const { logTables: tables } = serviceSignals[service];
        const displayName = `${name}: events answered wrongly`;
        const logAlert =
            workspaceId === undefined || tables.length === 0
                ? undefined
                : createLogAlert(name, { ...shared, location, workspaceId, serviceId, displayName, tables }, parent);

        keepNodes<AlertsNodes>(this, { actionGroup, metricAlerts, logAlert });
        this.actionGroupIds = pulumi.all(groups);
        this.registerOutputs({ actionGroupIds: this.actionGroupIds });
    }

    /** The resources inside, for what their own options and outputs allow. */
    get nodes(): AlertsNodes {
        return nodesOf(this);
    }
}

function createActionGroup(name: string, args: AlertsArgs, opts: pulumi.CustomResourceOptions): ActionGroup {
    const receivers = ifGiven(args.emailAddress, (emailAddress) => [
        { name: "operator", emailAddress, useCommonAlertSchema: true },
    ]);
    return new ActionGroup(
        name,
        {
            resourceGroupName: args.resourceGroupName,
            actionGroupName:
                args.naming === undefined
                    ? undefined
                    : newName(createSuffix(name, opts), {
                          base: name,
                          max: 260,
                          naming: args.naming,
                          kind: NamedKind.ActionGroup,
                      }),
            location: "Global",
            tags: args.tags,
            enabled: true,
            // Shown as the sender of mails and messages; 12 characters at most.
            groupShortName: name.slice(0, 12),
            emailReceivers: orDefault(receivers, []),
        },
        opts,
    );
}

type ServiceRules = AlertsArgs & SharedRule & { scope: pulumi.Input<string>; namespace: string };

/** The alerts of a service or of one of its replicas, which Azure counts on its own. */
function createServiceAlerts(name: string, args: ServiceRules, opts: pulumi.CustomResourceOptions): MetricAlert[] {
    const { namespace, resourceGroupName, naming, tags, groups, scope, service } = args;
    const shared = { resourceGroupName, naming, tags, groups, scope };
    const metric = (metricName: string, aggregation: string) => ({ namespace, name: metricName, aggregation });
    const closed = (values: string[]) => ({
        metric: metric("ConnectionCloseCount", "Total"),
        dimensions: [{ name: "ConnectionCloseCategory", operator: "Include", values }],
        above: 0,
    });
    return [
        createMetricAlert(
            name,
            {
                ...shared,
                part: "connections",
                description: "The realtime service is getting full: add capacity before it turns clients away.",
                severity: 2,
                metric: metric("ConnectionQuotaUtilization", "Maximum"),
                above: orDefault(args.connectionUtilization, 80),
            },
            opts,
        ),
        createMetricAlert(
            name,
            {
                ...shared,
                part: "server-load",
                description: "The realtime service is under load: add capacity before messages are late.",
                severity: 2,
                metric: metric("ServerLoad", "Average"),
                window: "PT15M",
                above: orDefault(args.serverLoad, 80),
            },
            opts,
        ),
        createMetricAlert(
            name,
            {
                ...shared,
                part: "throttled",
                description: "The service closed connections because there are too many, or too many messages.",
                severity: 2,
                ...closed(["Throttled"]),
            },
            opts,
        ),
        createMetricAlert(
            name,
            {
                ...shared,
                part: "failed-events",
                description:
                    "The service closed connections because a handler did not take an event. Run azure-realtime verify.",
                severity: 1,
                ...closed(serviceSignals[service].failedEvents),
            },
            opts,
        ),
    ];
}

function createRequestAlert(
    name: string,
    args: AlertsArgs & SharedRule & { functionAppId: pulumi.Input<string> },
    opts: pulumi.CustomResourceOptions,
): MetricAlert {
    const { resourceGroupName, naming, tags, groups, functionAppId: scope } = args;
    return createMetricAlert(
        name,
        {
            resourceGroupName,
            naming,
            tags,
            groups,
            scope,
            part: "failed-requests",
            description: "The function app answers with errors, among other things to events of clients.",
            severity: 1,
            metric: { namespace: "Microsoft.Web/sites", name: "Http5xx", aggregation: "Total" },
            above: orDefault(args.failedRequests, 10),
        },
        opts,
    );
}
