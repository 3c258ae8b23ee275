export type { BackendArgs, BackendEventHandlerArgs, BackendHubArgs, HubBackendArgs } from "./backend/args";
export { ConnectionAuth } from "./backend/check";
export {
    type BackendUpstreamTemplateArgs,
    SignalRBackend,
    type SignalRBackendArgs,
} from "./backend/signalRBackend";
export { SocketIOBackend, type SocketIOBackendArgs } from "./backend/socketIOBackend";
export { WebPubSubBackend, type WebPubSubBackendArgs } from "./backend/webPubSubBackend";
export { FunctionIdentity } from "./functionApp/check";
export type {
    AlwaysReadyArgs,
    FunctionAppArgs,
    FunctionAppOptionsArgs,
    RequiredSettingsArgs,
    RoleArgs,
} from "./functionApp/functionApp";
export { FunctionApp } from "./functionApp/functionApp";
export { ElasticPremiumSize, FunctionRuntime, HostingPlan } from "./functionApp/hosting";
export { FunctionCode, type FunctionCodeArgs } from "./functionCode/functionCode";
export { HostKeySource } from "./hostKeys/check";
export { HostKeys, type HostKeysArgs } from "./hostKeys/hostKeys";
export {
    type EventHandlerArgs,
    type EventHandlerAuthArgs,
    type EventHandlerManagedIdentityArgs,
    type EventListenerArgs,
    type EventSelectionArgs,
    WebPubSubHub,
    type WebPubSubHubArgs,
} from "./hub/webPubSubHub";
export { AnonymousConnectPolicy, EventHandlerAuthType, ListenedEvent, SystemEvent } from "./rules/hub";
export { Roles } from "./rules/roles";
export type { RealtimeServiceArgs, WebPubSubServiceOptionsArgs } from "./service/args";
export { ServiceIdentity, ServiceNetworkAccess } from "./service/check";
export {
    type SignalROptionsArgs,
    SignalRService,
    type SignalRServiceArgs,
    type UpstreamSelectionArgs,
    type UpstreamTemplateArgs,
} from "./service/signalRService";
export { ServiceSku } from "./service/sku";
export { SocketIOService, type SocketIOServiceArgs } from "./service/socketIOService";
export { WebPubSubService, type WebPubSubServiceArgs } from "./service/webPubSubService";
export { RealtimeExtension } from "./shared/serviceKinds";
