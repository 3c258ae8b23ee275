export {
    type BackendArgs,
    type BackendEventHandler,
    type BackendHub,
    type BackendUpstreamTemplate,
    ConnectionAuth,
    type HubBackendArgs,
    type SignalRBackendArgs,
    type SocketIOBackendArgs,
    type WebPubSubBackendArgs,
} from "./backend/args";
export type { BackendNodes } from "./backend/compose";
export { SignalRBackend, type SignalRBackendNodes } from "./backend/signalRBackend";
export { SocketIOBackend, type SocketIOBackendNodes } from "./backend/socketIOBackend";
export { WebPubSubBackend, type WebPubSubBackendNodes } from "./backend/webPubSubBackend";
export {
    type AlwaysReady,
    type AppRole,
    type Cors,
    type FunctionAppArgs,
    type FunctionAppOptionsArgs,
    FunctionIdentity,
    FunctionRuntime,
    HostingPlan,
    type KeyStore,
    PackageDelivery,
    PlanSku,
    type ServiceConnection,
    SiteUpdateStrategy,
} from "./functionApp/args";
export type { EventAuth, EventCaller } from "./functionApp/easyAuthArgs";
export { FunctionApp, type FunctionAppNodes } from "./functionApp/functionApp";
export type { StagingSlot, StagingSlotOptions } from "./functionApp/stagingSlotArgs";
export type { FunctionCodeArgs, FunctionCodeOptionsArgs } from "./functionCode/args";
export { FunctionCode, type FunctionCodeNodes } from "./functionCode/functionCode";
export { HostKeySource, type HostKeysArgs, type HostKeysOptionsArgs } from "./hostKeys/args";
export { HostKeys, type HostKeysNodes } from "./hostKeys/hostKeys";
export {
    AnonymousConnectPolicy,
    type EventHandler,
    type EventListener,
    type EventSelection,
    type HubOptions,
    ListenedEvent,
    SystemEvent,
    type WebPubSubHubArgs,
} from "./hub/args";
export { WebPubSubHub, type WebPubSubHubNodes } from "./hub/webPubSubHub";
export { Alerts, type AlertsNodes } from "./monitoring/alerts";
export type {
    AlertsArgs,
    AlertsOptions,
    DiagnosticsArgs,
    DiagnosticsOptions,
    WorkbookArgs,
    WorkbookOptions,
} from "./monitoring/args";
export { Diagnostics, type DiagnosticsNodes } from "./monitoring/diagnostics";
export { Workbook, type WorkbookNodes } from "./monitoring/workbook";
export {
    AzureCloud,
    type BackendNetwork,
    LinkTarget,
    NetworkExposure,
    type PrivateNetworkArgs,
    type PrivateNetworkOptionsArgs,
    type SharedPrivateLinkArgs,
} from "./network/args";
export { PrivateNetwork, type PrivateNetworkNodes } from "./network/privateNetwork";
export { SharedPrivateLink, type SharedPrivateLinkNodes } from "./network/sharedPrivateLink";
export {
    type AdoptableServiceArgs,
    type Autoscale,
    type IPRule,
    type LiveTraceCategory,
    type LiveTraceConfiguration,
    type NetworkACL,
    type NetworkACLs,
    type PrivateEndpointACL,
    type Replica,
    type ResourceLogCategory,
    type ResourceLogConfiguration,
    ServiceIdentity,
    ServiceNetworkAccess,
    type ServiceOptionsArgs,
    type ServicePlaceArgs,
    ServiceSku,
    type SignalRFeature,
    type SignalROptionsArgs,
    type SignalRServiceArgs,
    type SocketIOServiceArgs,
    type UpstreamSelection,
    type UpstreamTemplate,
    type WebPubSubServiceArgs,
} from "./service/args";
export type { CustomDomain } from "./service/customDomainArgs";
export type { ScaleNodes } from "./service/replicas";
export { SignalRService, type SignalRServiceNodes } from "./service/signalRService";
export { SocketIOService, type SocketIOServiceNodes } from "./service/socketIOService";
export { WebPubSubService, type WebPubSubServiceNodes } from "./service/webPubSubService";
export {
    type EventHandlerAuth,
    EventHandlerAuthType,
    type EventHandlerManagedIdentity,
} from "./shared/eventTargets";
export type { Naming } from "./shared/namingArgs";
export { type PrivateDnsZoneIds, type PrivateEndpointPlace, PublicNetworkAccess } from "./shared/privateEndpoint";
export { Roles } from "./shared/roles";
export { RealtimeExtension } from "./shared/serviceKinds";
