export type {
    AlwaysReadyArgs,
    FunctionAppArgs,
    FunctionAppOptionsArgs,
    RequiredSettingsArgs,
    RoleArgs,
} from "./function-app";
export { FunctionApp } from "./function-app";
export { FunctionCode, type FunctionCodeArgs } from "./function-code";
export { HostKeys, type HostKeysArgs } from "./host-keys";
export { ConnectionAuth } from "./rules/backend-args";
export { FunctionIdentity } from "./rules/function-app-args";
export { HostKeySource } from "./rules/host-keys-args";
export { ElasticPremiumSize, FunctionRuntime, HostingPlan } from "./rules/hosting";
export { AnonymousConnectPolicy, EventHandlerAuthType, SystemEvent } from "./rules/hub";
export { Roles } from "./rules/roles";
export { ServiceIdentity, ServiceNetworkAccess } from "./rules/service-args";
export { RealtimeExtension } from "./rules/service-kind";
export { ServiceSku } from "./rules/sku";
export {
    type BackendArgs,
    type BackendEventHandlerArgs,
    type BackendHubArgs,
    SocketIOBackend,
    type SocketIOBackendArgs,
} from "./socket-io-backend";
export { SocketIOService, type SocketIOServiceArgs } from "./socket-io-service";
export {
    type EventHandlerArgs,
    type EventHandlerAuthArgs,
    type EventHandlerManagedIdentityArgs,
    type EventSelectionArgs,
    WebPubSubHub,
    type WebPubSubHubArgs,
} from "./web-pub-sub-hub";
