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
export { ConnectionAuth } from "./rules/backendArgs";
export { FunctionIdentity } from "./rules/functionAppArgs";
export { ElasticPremiumSize, FunctionRuntime, HostingPlan } from "./rules/hosting";
export { HostKeySource } from "./rules/hostKeysArgs";
export { AnonymousConnectPolicy, EventHandlerAuthType, SystemEvent } from "./rules/hub";
export { Roles } from "./rules/roles";
export { ServiceIdentity, ServiceNetworkAccess } from "./rules/serviceArgs";
export { RealtimeExtension } from "./rules/serviceKind";
export { ServiceSku } from "./rules/sku";
export {
    type BackendArgs,
    type BackendEventHandlerArgs,
    type BackendHubArgs,
    SocketIOBackend,
    type SocketIOBackendArgs,
} from "./socketIoBackend";
export { SocketIOService, type SocketIOServiceArgs } from "./socketIoService";
export {
    type EventHandlerArgs,
    type EventHandlerAuthArgs,
    type EventHandlerManagedIdentityArgs,
    type EventSelectionArgs,
    WebPubSubHub,
    type WebPubSubHubArgs,
} from "./webPubSubHub";
