import { functionAppOptionsShape } from "../functionApp/shape";
import { stagingSlotOptionsShape } from "../functionApp/stagingSlotCheck";
import { functionCodeOptionsShape } from "../functionCode/shape";
import { hostKeysOptionsShape } from "../hostKeys/shape";
import { eventHandlerShape, hubOptionsShape } from "../hub/shape";
import type { AlertsOptions, DiagnosticsOptions, WorkbookOptions } from "../monitoring/args";
import { alertsOptionsShape, diagnosticsOptionsShape, workbookOptionsShape } from "../monitoring/shape";
import { backendNetworkShape } from "../network/shape";
import { adoptableServiceShape, signalROptionsShape, upstreamTemplateShape } from "../service/shape";
import { decisive, flag, list, object, plain, required, type ShapesOf, text } from "../shared/shape";
import type {
    BackendArgs,
    BackendEventHandler,
    BackendHub,
    BackendUpstreamTemplate,
    HubBackendArgs,
    SignalRBackendArgs,
} from "./args";

const backendShape: ShapesOf<BackendArgs> = {
    ...functionCodeOptionsShape,
    ...functionAppOptionsShape,
    ...hostKeysOptionsShape,
    connectionAuth: plain(text),
    connectionName: plain(text),
    negotiateFunctionName: plain(text),
    keySource: plain(text),
    stagingSlot: stagingSlotOptionsShape,
    protectData: plain(flag),
    lockData: plain(flag),
    resourceGroupName: decisive(text),
    diagnostics: plain(object<DiagnosticsOptions>(diagnosticsOptionsShape)),
    alerts: plain(object<AlertsOptions>(alertsOptionsShape)),
    workbook: plain(object<WorkbookOptions>(workbookOptionsShape)),
    privateNetwork: backendNetworkShape,
};

const hub = object<BackendHub>({
    ...hubOptionsShape,
    name: plain(required(text)),
    eventHandlers: list(object<BackendEventHandler>(eventHandlerShape)),
});

export const hubBackendShape: ShapesOf<HubBackendArgs> = {
    ...backendShape,
    ...adoptableServiceShape,
    hubs: plain(list(plain(hub))),
};

export const signalRBackendShape: ShapesOf<SignalRBackendArgs> = {
    ...backendShape,
    ...signalROptionsShape,
    hubNames: plain(list(plain(text))),
    upstreamTemplates: list(object<BackendUpstreamTemplate>(upstreamTemplateShape)),
};
