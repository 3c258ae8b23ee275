import type * as inputs from "@pulumi/azure-native/types/input";
import * as pulumi from "@pulumi/pulumi";
import type { EventHandlerAuthArgs } from "../hub/webPubSubHub";
import { resolveSignalR } from "../parts/signalRService";
import { startChecks } from "../shared/checks";
import type { RealtimeServiceArgs } from "./args";
import { checkServiceArgs } from "./check";
import { checkSignalRArgs, refuseSettingsBesideExisting } from "./checkSignalR";

/** Which events go to an upstream. */
export interface UpstreamSelectionArgs {
    /** Hubs: `*` for all, or names separated by commas; letter case counts. Defaults to `*`. */
    hubPattern?: pulumi.Input<string>;
    /** `connections`, `messages`, or `*` for both. Defaults to `*`. */
    categoryPattern?: pulumi.Input<string>;
    /** Events, and methods that clients call: `*` for all, or names separated by commas; letter case counts. Defaults to `*`. */
    eventPattern?: pulumi.Input<string>;
    /** How the service proves itself. Defaults to None: the URL's code is the proof. */
    auth?: pulumi.Input<EventHandlerAuthArgs>;
}

/** One place that events go to; the first that selects an event gets it. */
export interface UpstreamTemplateArgs extends UpstreamSelectionArgs {
    /** Absolute http or https URL; `{hub}`, `{category}` and `{event}` may stand in its path and query. */
    urlTemplate: pulumi.Input<string>;
}

/** What a SignalR Service takes besides what every realtime service does; composed components take the same. */
export interface SignalROptionsArgs {
    /** Origins of pages that may connect, such as `https://chat.example.com`. Defaults to `*`, every origin. */
    allowedOrigins?: pulumi.Input<pulumi.Input<string>[]>;
    /** Seconds without a word from a client after which its connection is closed, 1-120. Defaults to Azure's own: 30. */
    connectionTimeoutInSeconds?: pulumi.Input<number>;
    /** Feature flags besides ServiceMode, which is always Serverless: EnableConnectivityLogs, EnableMessagingLogs, EnableLiveTrace. Defaults to none. */
    features?: pulumi.Input<pulumi.Input<inputs.signalrservice.SignalRFeatureArgs>[]>;
    /** What is allowed from the internet and from private endpoints. Defaults to Azure's own: everything a token allows. */
    networkACLs?: pulumi.Input<inputs.signalrservice.SignalRNetworkACLsArgs>;
    /** What the live trace tool shows. Defaults to off. */
    liveTraceConfiguration?: pulumi.Input<inputs.signalrservice.LiveTraceConfigurationArgs>;
}

/** What a {@link SignalRService} is made of. */
export interface SignalRServiceArgs extends RealtimeServiceArgs, SignalROptionsArgs {
    /** Where events go, in order. Defaults to nowhere: clients connect unasked, and what they call fails. */
    upstreamTemplates?: pulumi.Input<pulumi.Input<UpstreamTemplateArgs>[]>;
}

/**
 * SignalR Service in serverless mode: it holds the clients' connections, and hands their events to its upstreams.
 *
 * ```ts
 * const service = new SignalRService("chat", {
 *     resourceGroupName: group.name,
 *     upstreamTemplates: [{ urlTemplate: "https://chat.example.com/{hub}/{category}/{event}" }],
 * });
 * ```
 *
 * Two Function Apps behind one service, each with its own hub:
 *
 * ```ts
 * new SignalRService("chat", {
 *     resourceGroupName: group.name,
 *     upstreamTemplates: [
 *         { hubPattern: "lobby", urlTemplate: lobbyUrl },
 *         { hubPattern: "games", urlTemplate: gamesUrl },
 *     ],
 * });
 * ```
 *
 * A key in an upstream's URL is best a Key Vault reference. The service reads it when its upstream or its identity changes, and
 * about every 30 minutes: give a user-assigned identity that has its role on the vault before.
 */
export class SignalRService extends pulumi.ComponentResource {
    /** Azure Resource Manager id of the service. */
    public readonly serviceId: pulumi.Output<string>;
    /** Name of the service. */
    public readonly serviceName: pulumi.Output<string>;
    /** Host name that clients connect to. */
    public readonly hostName: pulumi.Output<string>;
    /** Address that clients connect to. */
    public readonly endpoint: pulumi.Output<string>;
    /** Principal of the service's own identity. */
    public readonly principalId: pulumi.Output<string>;
    /** Connection string with the primary key, secret. Only there when `disableLocalAuth` is false. */
    public readonly connectionString?: pulumi.Output<string>;

    constructor(name: string, args: SignalRServiceArgs, opts?: pulumi.ComponentResourceOptions) {
        super("azure-realtime:index:SignalRService", name, {}, opts);
        const checks = startChecks(`SignalRService "${name}"`);
        refuseSettingsBesideExisting(checks, args);
        const checked = checkSignalRArgs(checks, checkServiceArgs(checks, args));
        checks.refuse();

        const service = resolveSignalR({ name, args: checked, parent: this });
        this.serviceId = service.serviceId;
        this.serviceName = service.serviceName;
        this.hostName = service.hostName;
        this.endpoint = service.endpoint;
        this.principalId = service.principalId;
        this.connectionString = service.connectionString;
        this.registerOutputs({ ...service });
    }
}
