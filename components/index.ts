export type { BackendArgs, BackendEventHandlerArgs, BackendHubArgs, HubBackendArgs } from "./backendArgs";
export type {
    AlwaysReadyArgs,
    FunctionAppArgs,
    FunctionAppOptionsArgs,
    RequiredSettingsArgs,
    RoleArgs,
} from "./functionApp";
export { FunctionApp } from "./functionApp";
export { FunctionCode, type FunctionCodeArgs } from "./functionCode";
export { HostKeys, type HostKeysArgs } from "./hostKeys";
export type { RealtimeServiceArgs, WebPubSubServiceOptionsArgs } from "./realtimeServiceArgs";
export { ConnectionAuth } from "./rules/backendArgs";
export { FunctionIdentity } from "./rules/functionAppArgs";
export { ElasticPremiumSize, FunctionRuntime, HostingPlan } from "./rules/hosting";
export { HostKeySource } from "./rules/hostKeysArgs";
export { AnonymousConnectPolicy, EventHandlerAuthType, ListenedEvent, SystemEvent } from "./rules/hub";
export { Roles } from "./rules/roles";
export { ServiceIdentity, ServiceNetworkAccess } from "./rules/serviceArgs";
export { RealtimeExtension } from "./rules/serviceKind";
export { ServiceSku } from "./rules/sku";
export {
    type BackendUpstreamTemplateArgs,
    SignalRBackend,
    type SignalRBackendArgs,
} from "./signalRBackend";
export {
    type SignalROptionsArgs,
    SignalRService,
    type SignalRServiceArgs,
    type UpstreamSelectionArgs,
    type UpstreamTemplateArgs,
} from "./signalRService";
export { SocketIOBackend, type SocketIOBackendArgs } from "./socketIoBackend";
export { SocketIOService, type SocketIOServiceArgs } from "./socketIoService";
export { WebPubSubBackend, type WebPubSubBackendArgs } from "./webPubSubBackend";
export {
    type EventHandlerArgs,
    type EventHandlerAuthArgs,
    type EventHandlerManagedIdentityArgs,
    type EventListenerArgs,
    type EventSelectionArgs,
    WebPubSubHub,
    type WebPubSubHubArgs,
} from "./webPubSubHub";
export { WebPubSubService, type WebPubSubServiceArgs } from "./webPubSubService";
