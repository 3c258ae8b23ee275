import type * as pulumi from "@pulumi/pulumi";
import type { FunctionApp } from "../functionApp/functionApp";
import type { FunctionCode } from "../functionCode/functionCode";
import type { HostKeys } from "../hostKeys/hostKeys";
import { Alerts } from "../monitoring/alerts";
import type { AlertsOptions, DiagnosticsOptions, WorkbookOptions } from "../monitoring/args";
import { Diagnostics } from "../monitoring/diagnostics";
import { serviceSignals } from "../monitoring/signals";
import { Workbook } from "../monitoring/workbook";
import type { Replica } from "../service/args";
import type { ScaleNodes } from "../service/replicas";
import { itemsOf } from "../shared/shape";
import type { CheckedBackendArgs } from "./check";
import type { Connection } from "./connection";

/** What watches a backend. */
export interface MonitorNodes {
    /** Only there with `diagnostics`, and for the service alone with `alerts`. */
    diagnostics?: Diagnostics;
    /** Only there with `alerts`. */
    alerts?: Alerts;
    /** Only there with `workbook`. */
    workbook?: Workbook;
}

interface WatchedService {
    serviceId: pulumi.Output<string>;
    nodes: ScaleNodes & { service?: pulumi.CustomResource };
}

type MonitorArgs = CheckedBackendArgs & {
    resourceGroupName: pulumi.Input<string>;
    service: WatchedService;
    keys: HostKeys;
    stagingKeys: HostKeys | undefined;
    connection: Connection;
    code: FunctionCode;
    app: FunctionApp;
    replicas?: pulumi.Input<Replica>[];
};

/** Creates what watches a backend, as far as its args ask for it. */
export function createMonitors(name: string, args: MonitorArgs, opts: pulumi.ComponentResourceOptions): MonitorNodes {
    const { resourceGroupName, location, tags, service, app } = args;
    const place = { resourceGroupName, location, tags, service: args.kind.extension, serviceId: service.serviceId };
    const diagnostics = createDiagnostics(`${name}-diagnostics`, args, opts);
    const alerts = args.alerts as AlertsOptions | undefined;
    const workbook = args.workbook as WorkbookOptions | undefined;
    return {
        diagnostics,
        alerts:
            alerts &&
            new Alerts(
                `${name}-alerts`,
                {
                    ...alerts,
                    ...place,
                    naming: args.naming,
                    replicaIds: idsOfReplicas(args),
                    functionAppId: app.functionAppId,
                    // The log of a service that exists already goes where its owner sends it.
                    workspaceId: service.nodes.service && diagnostics?.workspaceId,
                },
                opts,
            ),
        workbook:
            workbook &&
            new Workbook(
                `${name}-workbook`,
                {
                    ...place,
                    displayName: workbook.displayName ?? name,
                    functionAppId: app.functionAppId,
                    workspaceId: app.workspaceId,
                },
                opts,
            ),
    };
}

type Ids = Record<string, pulumi.Output<string>>;

function idsOfReplicas({ service, replicas }: Pick<MonitorArgs, "service" | "replicas">): Ids {
    const names = itemsOf<Replica>(replicas).map(({ name }) => name);
    const ids = (service.nodes.replicas ?? []).map(({ id }, index) => [`replica-${names[index]}`, id]);
    return Object.fromEntries(ids);
}

/** Whether a service logs every message. */
export function logsMessages(args: Pick<CheckedBackendArgs, "kind" | "diagnostics" | "alerts">): boolean {
    const { messagingLogs } = (args.diagnostics ?? {}) as DiagnosticsOptions;
    return messagingLogs ?? (args.alerts !== undefined && hasLogAlert(args));
}

const hasLogAlert = ({ kind }: Pick<CheckedBackendArgs, "kind">) => serviceSignals[kind.extension].logTables.length > 0;

/** One setting for each resource, whoever asks for it. What is given by id is left to its owner. */
function createDiagnostics(
    name: string,
    args: MonitorArgs,
    opts: pulumi.ComponentResourceOptions,
): Diagnostics | undefined {
    const { service, keys, stagingKeys, connection, code, app } = args;
    const diagnostics = args.diagnostics as DiagnosticsOptions | undefined;
    const ofService: Ids =
        service.nodes.service === undefined ? {} : { service: service.serviceId, ...idsOfReplicas(args) };
    const forAlert = args.alerts !== undefined && hasLogAlert(args) ? ofService : {};
    const vault = keys.nodes.vault?.id;
    const slotVault = stagingKeys?.nodes.vault?.id;
    const slot = app.nodes.staging?.slot.id;
    const ownVault = connection.nodes.vault?.id;
    const host = app.nodes.storageAccount?.id;
    const resourceIds: Ids =
        diagnostics === undefined
            ? forAlert
            : {
                  ...ofService,
                  app: app.functionAppId,
                  ...(slot && { "staging-app": slot }),
                  ...(vault && { vault }),
                  ...(slotVault && { "staging-vault": slotVault }),
                  ...(ownVault && { "connection-vault": ownVault }),
                  ...(host && { "host-storage": host }),
                  "package-storage": code.packageAccountId,
              };
    if (Object.keys(resourceIds).length === 0) {
        return undefined;
    }
    const workspaceId = diagnostics?.workspaceId ?? app.workspaceId;
    return new Diagnostics(name, { workspaceId, resourceIds, messagingLogs: logsMessages(args) }, opts);
}
