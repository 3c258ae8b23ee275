import type * as pulumi from "@pulumi/pulumi";
import { armIdRule } from "../shared/armId";
import { type Checks, oneOf, type Rule, show, startChecks, wholeNumber } from "../shared/checks";
import { checkNaming } from "../shared/naming";
import { RealtimeExtension } from "../shared/serviceKinds";
import { itemsOf, readArgs } from "../shared/shape";
import { tagsRule } from "../shared/tags";
import type {
    AlertsArgs,
    AlertsOptions,
    DiagnosticsArgs,
    DiagnosticsOptions,
    WorkbookArgs,
    WorkbookOptions,
} from "./args";
import { alertsShape, diagnosticsShape, workbookShape } from "./shape";
import { loggedRule, metricNamespaces } from "./signals";

const workspaceRule = armIdRule("Microsoft.OperationalInsights/workspaces");
const appRule = armIdRule("Microsoft.Web/sites");
const percent = wholeNumber({ min: 1, max: 100, unit: "percent" });

const emailRule: Rule<string> = (value) =>
    typeof value === "string" && /^[^\s@]+@[^\s@]+$/.test(value)
        ? undefined
        : `${show(value)} is not an e-mail address. Give one such as ops@example.com.`;

const displayNameRule: Rule<string> = (value) =>
    typeof value === "string" && value.trim() !== "" && value.length <= 255
        ? undefined
        : `${show(value)} is not a name. Allowed: 1-255 characters.`;

/** Names of children of a component, which stand for resources that the caller names. */
const keyPattern = /^[A-Za-z0-9][A-Za-z0-9-]{0,62}$/;

/** Checks the args of Diagnostics; throws every fault at once. */
export function checkDiagnosticsArgs(component: string, given: DiagnosticsArgs): DiagnosticsArgs {
    const checks = startChecks(component);
    const args = readArgs(checks, given, diagnosticsShape);
    const resourceIds = checkIds(checks, "resourceIds", args.resourceIds, loggedRule);
    if (args.resourceIds !== undefined && Object.keys(args.resourceIds).length === 0) {
        checks.fault("resourceIds", "it is empty, so nothing would be logged. Give an id or more.");
    }
    const checked = {
        ...args,
        resourceIds,
        workspaceId: checks.input("workspaceId", args.workspaceId, workspaceRule),
    };
    checks.refuse();
    return checked;
}

function checkDiagnosticsOptions(checks: Checks, args: DiagnosticsOptions): DiagnosticsOptions {
    return { ...args, workspaceId: checks.input("workspaceId", args.workspaceId, workspaceRule) };
}

/** Checks the args of Alerts; throws every fault at once. */
export function checkAlertsArgs(component: string, given: AlertsArgs): AlertsArgs {
    const checks = startChecks(component);
    const args = readArgs(checks, given, alertsShape);
    const idRule = serviceRule(checks, args.service);
    const checked = {
        ...args,
        ...checkAlertsOptions(checks, args),
        serviceId: checks.input("serviceId", args.serviceId, idRule("")),
        replicaIds: checkIds(checks, "replicaIds", args.replicaIds ?? {}, idRule("/replicas")),
        functionAppId: checks.input("functionAppId", args.functionAppId, appRule),
        workspaceId: checks.input("workspaceId", args.workspaceId, workspaceRule),
        tags: checks.input("tags", args.tags, tagsRule),
    };
    checkNaming(checks, args.naming, { ag: needsGroup(args) ? undefined : args.actionGroupIds });
    checks.refuse();
    return checked;
}

/** Whether alerts need an action group of their own. */
export function needsGroup({ actionGroupIds, emailAddress }: AlertsOptions): boolean {
    return itemsOf(actionGroupIds).length === 0 || emailAddress !== undefined;
}

/** Checks whom alerts tell and what raises them, alone or inside a backend. */
function checkAlertsOptions(checks: Checks, args: AlertsOptions): AlertsOptions {
    const groupRule = armIdRule("Microsoft.Insights/actionGroups");
    return {
        actionGroupIds: args.actionGroupIds?.map((id, index) =>
            checks.input<string, pulumi.Input<string>>(`actionGroupIds[${index}]`, id, groupRule),
        ),
        emailAddress: checks.input("emailAddress", args.emailAddress, emailRule),
        connectionUtilization: checks.input("connectionUtilization", args.connectionUtilization, percent),
        serverLoad: checks.input("serverLoad", args.serverLoad, percent),
        failedRequests: checks.input("failedRequests", args.failedRequests, wholeNumber({ min: 0, max: 1_000_000 })),
    };
}

/** Checks the args of Workbook; throws every fault at once. */
export function checkWorkbookArgs(component: string, given: WorkbookArgs): WorkbookArgs {
    const checks = startChecks(component);
    const args = readArgs(checks, given, workbookShape);
    const checked = {
        ...args,
        ...checkWorkbookOptions(checks, args),
        serviceId: checks.input("serviceId", args.serviceId, serviceRule(checks, args.service)("")),
        functionAppId: checks.input("functionAppId", args.functionAppId, appRule),
        workspaceId: checks.input("workspaceId", args.workspaceId, workspaceRule),
        tags: checks.input("tags", args.tags, tagsRule),
    };
    checks.refuse();
    return checked;
}

/** Checks how a workbook looks, alone or inside a backend. */
function checkWorkbookOptions(checks: Checks, args: WorkbookOptions): WorkbookOptions {
    return { displayName: checks.input("displayName", args.displayName, displayNameRule) };
}

/** What watches a backend. */
export interface MonitoringOptions {
    diagnostics?: pulumi.Input<DiagnosticsOptions>;
    alerts?: pulumi.Input<AlertsOptions>;
    workbook?: pulumi.Input<WorkbookOptions>;
}

/** Checks what watches a backend; its shape says that each option is known before the update. */
export function checkMonitoring(checks: Checks, args: MonitoringOptions): MonitoringOptions {
    const { diagnostics, alerts, workbook } = args as Record<keyof MonitoringOptions, object | undefined>;
    return {
        diagnostics: diagnostics && checkDiagnosticsOptions(checks.at("diagnostics."), diagnostics),
        alerts: alerts && checkAlertsOptions(checks.at("alerts."), alerts),
        workbook: workbook && checkWorkbookOptions(checks.at("workbook."), workbook),
    };
}

/** The rule for ids of a kind of service, or of what is below it. Any id will do while the kind itself is wrong. */
function serviceRule(checks: Checks, service: RealtimeExtension): (below: string) => Rule<string> {
    checks.plain("service", service, oneOf(RealtimeExtension));
    const known = Object.values(RealtimeExtension).find((one) => one === service);
    return (below) => (known === undefined ? () => undefined : armIdRule(metricNamespaces[known] + below));
}

type Ids = { [key: string]: pulumi.Input<string> };

/** Checks ids that a caller names, and the names. */
function checkIds(checks: Checks, path: string, ids: Ids | undefined, rule: Rule<string>): Ids {
    const entries = Object.entries(ids ?? {}).map(([key, id]): [string, pulumi.Input<string>] => {
        if (!keyPattern.test(key)) {
            checks.fault(
                path,
                `${show(key)} is not a short name. Allowed: 1-63 letters, digits and hyphens, no hyphen first.`,
            );
        }
        return [key, checks.input<string, pulumi.Input<string>>(`${path}.${key}`, id, rule)];
    });
    return Object.fromEntries(entries);
}
