import { functionAppOptionsShape } from "../functionApp/shape";
import { functionCodeOptionsShape } from "../functionCode/shape";
import { hostKeysOptionsShape } from "../hostKeys/shape";
import { eventHandlerShape, hubOptionsShape } from "../hub/shape";
import { adoptableServiceShape, signalROptionsShape, upstreamTemplateShape } from "../service/shape";
import { decisive, list, object, plain, required, type ShapesOf, text } from "../shared/shape";
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
    resourceGroupName: decisive(text),
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
