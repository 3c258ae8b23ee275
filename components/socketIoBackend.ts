import type * as inputs from "@pulumi/azure-native/types/input";
import * as pulumi from "@pulumi/pulumi";
import type { FunctionAppOptionsArgs } from "./functionApp";
import { type BackendNodes, composeBackend } from "./parts/backend";
import { type ConnectionAuth, checkBackendArgs } from "./rules/backendArgs";
import { startChecks } from "./rules/checks";
import type { HostKeySource } from "./rules/hostKeysArgs";
import type { AnonymousConnectPolicy } from "./rules/hub";
import type { ServiceIdentity, ServiceNetworkAccess } from "./rules/serviceArgs";
import { serviceKinds } from "./rules/serviceKind";
import type { ServiceSku } from "./rules/sku";
import { SocketIOService } from "./socketIoService";
import type { EventSelectionArgs } from "./webPubSubHub";

/** One place that a backend's events go to; the first that selects an event gets it. */
export interface BackendEventHandlerArgs extends EventSelectionArgs {
    /** Absolute http or https URL. Defaults to the backend's own Function App. */
    urlTemplate?: pulumi.Input<string>;
}

/** A hub of a backend. */
export interface BackendHubArgs {
    /** Name of the hub: letters, digits and underscores; letter case does not matter. */
    name: string;
    /** Where events go, in order. Defaults to the backend's Function App, with every event. */
    eventHandlers?: pulumi.Input<pulumi.Input<BackendEventHandlerArgs>[]>;
    /** Whether clients may connect without a token. Defaults to deny. */
    anonymousConnectPolicy?: pulumi.Input<AnonymousConnectPolicy>;
    /** Seconds between keep-alive messages, 1-120. Defaults to 20. */
    webSocketKeepAliveIntervalInSeconds?: pulumi.Input<number>;
}

/** What every composed backend takes, whichever realtime service it has. */
export interface BackendArgs extends FunctionAppOptionsArgs {
    /** Folder that holds the function app's host.json, as it is to run. A relative path is seen from the working directory. */
    codePath: string;
    /** Name of a resource group that exists already. Defaults to a new one. */
    resourceGroupName?: pulumi.Input<string>;
    /** Name of the new service, unique in all of Azure. Defaults to the component's name with a short random part. */
    serviceName?: pulumi.Input<string>;
    /** Name of a service that exists already, instead of a new one. */
    existingServiceName?: pulumi.Input<string>;
    /** The resource group of that service. Defaults to the backend's. */
    existingServiceResourceGroupName?: pulumi.Input<string>;
    /** Price tier of the service. Defaults to Standard_S1. */
    sku?: pulumi.Input<ServiceSku>;
    /** Units of the tier: Free_F1 1; Standard_S1 and Premium_P1 1-10, 20, 30 … 100; Premium_P2 100, 200 … 1000. Defaults to the fewest. */
    units?: pulumi.Input<number>;
    /** The service's own identity. Defaults to SystemAssigned. */
    serviceIdentityType?: pulumi.Input<ServiceIdentity>;
    /** Azure Resource Manager id of the service's identity; needed for UserAssigned, and only then. */
    serviceUserAssignedIdentityId?: pulumi.Input<string>;
    /** Whether the service can be reached from the internet. Defaults to Enabled. */
    publicNetworkAccess?: pulumi.Input<ServiceNetworkAccess>;
    /** What the service allows from the internet and from private endpoints. Defaults to everything a token allows. */
    networkACLs?: pulumi.Input<inputs.webpubsub.WebPubSubNetworkACLsArgs>;
    /** What the live trace tool shows. Defaults to off. */
    liveTraceConfiguration?: pulumi.Input<inputs.webpubsub.LiveTraceConfigurationArgs>;
    /** Whether clients are asked for a certificate. Defaults to false; not available on Free_F1. */
    clientCertEnabled?: pulumi.Input<boolean>;
    /** Hubs of the service. Defaults to one named `hub`. */
    hubs?: BackendHubArgs[];
    /** How the app reaches the service: Identity, or AccessKey kept in a vault. Defaults to Identity. */
    connectionAuth?: ConnectionAuth;
    /** The app setting that holds the connection. Defaults to the one that the extension looks for. */
    connectionName?: string;
    /** Where the key of the extension's webhook comes from. Defaults to KeyVault. */
    keySource?: HostKeySource;
    /** Any text; another text makes another key, in the same update as the hub that uses it. Not for Discovered. */
    keyRotation?: pulumi.Input<string>;
    /** Name of the new vault, unique in all of Azure. Defaults to the component's name with a short random part. */
    vaultName?: pulumi.Input<string>;
    /** A vault with role-based access that exists already and serves no other Function App, instead of a new one. */
    existingVaultName?: pulumi.Input<string>;
    /** The resource group of that vault. Defaults to the backend's. */
    existingVaultResourceGroupName?: pulumi.Input<string>;
    /** Name of the new account that holds the code's packages, unique in all of Azure. Defaults to the component's name with a short random part. */
    packageAccountName?: pulumi.Input<string>;
}

/** What a {@link SocketIOBackend} is made of. */
export interface SocketIOBackendArgs extends BackendArgs {}

/**
 * A serverless Socket.IO backend: the service, a Function App with its code, and every key, role and setting between them.
 *
 * ```ts
 * const chat = new SocketIOBackend("chat", { codePath: "../functions/socket-io-chat" });
 * export const negotiateUrl = chat.negotiateUrl;
 * ```
 *
 * For many users, with an instance that waits:
 *
 * ```ts
 * new SocketIOBackend("chat", {
 *     codePath: "../functions/socket-io-chat",
 *     sku: "Premium_P1",
 *     units: 5,
 *     alwaysReady: [{ name: "http", instanceCount: 1 }],
 * });
 * ```
 *
 * Two hubs, and a new key by changing one text:
 *
 * ```ts
 * new SocketIOBackend("chat", {
 *     codePath: "../functions/socket-io-chat",
 *     hubs: [{ name: "lobby" }, { name: "games" }],
 *     keyRotation: "2026-01",
 * });
 * ```
 */
export class SocketIOBackend extends pulumi.ComponentResource {
    /** Where a client asks for its token: `<app>/api/negotiate`. */
    public readonly negotiateUrl: pulumi.Output<string>;
    /** Address that clients connect to. */
    public readonly endpoint: pulumi.Output<string>;
    /** Names of the hubs. */
    public readonly hubNames: pulumi.Output<string[]>;
    /** Name of the Function App. */
    public readonly functionAppName: pulumi.Output<string>;
    /** Host name of the Function App. */
    public readonly functionAppHostName: pulumi.Output<string>;
    /** Name of the service. */
    public readonly serviceName: pulumi.Output<string>;
    /** Azure Resource Manager id of the service. */
    public readonly serviceId: pulumi.Output<string>;
    /** The resource group of the backend. */
    public readonly resourceGroupName: pulumi.Output<string>;
    /** Principal of the Function App's identity. */
    public readonly principalId: pulumi.Output<string>;
    /** Secret content of a local.settings.json that runs the same code on this machine against this service. */
    public readonly localSettings: pulumi.Output<string>;

    constructor(name: string, args: SocketIOBackendArgs, opts?: pulumi.ComponentResourceOptions) {
        super("azure-realtime:index:SocketIOBackend", name, {}, opts);
        const kind = serviceKinds.socketio;
        const checks = startChecks(`SocketIOBackend "${name}"`);
        checkBackendArgs({ checks, args, kind });
        checks.refuse();

        const { nodes, outputs } = composeBackend({ name, args, kind, parent: this, createService });
        backendNodes.set(this, nodes);
        this.negotiateUrl = outputs.negotiateUrl;
        this.endpoint = outputs.endpoint;
        this.hubNames = outputs.hubNames;
        this.functionAppName = outputs.functionAppName;
        this.functionAppHostName = outputs.functionAppHostName;
        this.serviceName = outputs.serviceName;
        this.serviceId = outputs.serviceId;
        this.resourceGroupName = outputs.resourceGroupName;
        this.principalId = outputs.principalId;
        this.localSettings = outputs.localSettings;
        this.registerOutputs(outputs);
    }

    /** The components inside, for what their own options and outputs allow. */
    get nodes(): BackendNodes<SocketIOService> {
        return backendNodes.get(this) as BackendNodes<SocketIOService>;
    }
}

// A private field would become an output of the component in every language.
const backendNodes = new WeakMap<SocketIOBackend, BackendNodes<SocketIOService>>();

function createService(...made: ConstructorParameters<typeof SocketIOService>): SocketIOService {
    return new SocketIOService(...made);
}
