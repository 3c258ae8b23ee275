import { namingShape } from "../shared/naming";
import { location, resourceGroup } from "../shared/places";
import { decisive, flag, list, map, number, plain, required, type ShapesOf, text } from "../shared/shape";
import type {
    AlertsArgs,
    AlertsOptions,
    DiagnosticsArgs,
    DiagnosticsOptions,
    WorkbookArgs,
    WorkbookOptions,
} from "./args";

export const diagnosticsOptionsShape: ShapesOf<DiagnosticsOptions> = {
    workspaceId: decisive(text),
    messagingLogs: plain(flag),
};

export const diagnosticsShape: ShapesOf<DiagnosticsArgs> = {
    workspaceId: required(text),
    resourceIds: plain(required(map)),
    messagingLogs: plain(flag),
};

export const alertsOptionsShape: ShapesOf<AlertsOptions> = {
    actionGroupIds: plain(list(text)),
    emailAddress: decisive(text),
    connectionUtilization: number,
    serverLoad: number,
    failedRequests: number,
};

export const alertsShape: ShapesOf<AlertsArgs> = {
    ...alertsOptionsShape,
    resourceGroupName: resourceGroup,
    service: plain(required(text)),
    serviceId: required(text),
    replicaIds: plain(map),
    functionAppId: decisive(text),
    workspaceId: decisive(text),
    naming: namingShape,
    location,
    tags: map,
};

export const workbookOptionsShape: ShapesOf<WorkbookOptions> = { displayName: text };

export const workbookShape: ShapesOf<WorkbookArgs> = {
    ...workbookOptionsShape,
    resourceGroupName: resourceGroup,
    service: plain(required(text)),
    serviceId: required(text),
    functionAppId: required(text),
    workspaceId: required(text),
    location,
    tags: map,
};
