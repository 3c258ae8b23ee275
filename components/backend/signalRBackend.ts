import * as pulumi from "@pulumi/pulumi";
import { SignalRService } from "../service/signalRService";
import { keepNodes, nodesOf } from "../shared/nodes";
import { serviceKinds } from "../shared/serviceKinds";
import { hostUrl } from "../shared/urls";
import type { SignalRBackendArgs } from "./args";
import { checkSignalRBackendArgs } from "./check";
import {
    type BackendNodes,
    createApp,
    createCode,
    createKeys,
    eventUrl,
    lockData,
    resolveResourceGroup,
} from "./compose";
import { createConnection } from "./connection";
import { createMonitors } from "./monitors";
import { afterLinks, createLinks, createNetwork } from "./network";
import { createStaging, readySlotOf, stagedEvents } from "./stagingSlot";
import { adviseOnUpstreamRole, earlyCode, signalRServiceArgs, stagedNames } from "./upstream";

/** Components and resources inside a SignalRBackend. */
export interface SignalRBackendNodes extends BackendNodes {
    service: SignalRService;
}

/**
 * A serverless SignalR backend: the service, a Function App with its code, and every key, role and setting between them.
 *
 * ```ts
 * const chat = new SignalRBackend("chat", { codePath: "../functions/signalr-chat" });
 * export const negotiateUrl = chat.negotiateUrl;
 * ```
 *
 * For pages of one origin only, with the messages of one hub elsewhere:
 *
 * ```ts
 * new SignalRBackend("chat", {
 *     codePath: "../functions/signalr-chat",
 *     allowedOrigins: ["https://chat.example.com"],
 *     upstreamTemplates: [
 *         { hubPattern: "audit", categoryPattern: "messages", urlTemplate: "https://audit.example.com/{event}" },
 *         {},
 *     ],
 * });
 * ```
 *
 * The service itself holds the URL of its events, with the key in it. So a service that exists already cannot be used, because its
 * owner writes its URLs, and `keySource` cannot be Discovered, whose key exists only when the app runs. For several apps behind one
 * service, compose SignalRService, FunctionApp, FunctionCode and HostKeys.
 */
export class SignalRBackend extends pulumi.ComponentResource {
    /** Where a client asks for its token: the app's negotiate function. */
    public readonly negotiateUrl: pulumi.Output<string>;
    /** The same of the staging slot, whose code a swap brings to the app. Only there with stagingSlot. */
    public readonly stagingNegotiateUrl?: pulumi.Output<string>;
    /** URL that clients connect to. */
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
    /** CNAME records that custom domains need: the service's own host name by domain name. */
    public readonly domainRecords: pulumi.Output<{ [key: string]: string }>;
    /** Resource group of the backend. */
    public readonly resourceGroupName: pulumi.Output<string>;
    /** Principal id of the Function App's identity. */
    public readonly principalId: pulumi.Output<string>;
    /** Secret content of a local.settings.json that runs the same code on a developer's machine against this service. */
    public readonly localSettings: pulumi.Output<string>;

    constructor(name: string, args: SignalRBackendArgs, opts?: pulumi.ComponentResourceOptions) {
        super("azure-realtime:index:SignalRBackend", name, {}, opts);
        const checked = checkSignalRBackendArgs(`SignalRBackend "${name}"`, args, serviceKinds.signalr);
        const parent = { parent: this };

        // The service needs the app's host name for its URL, and the app's settings need the service's host name. App and settings
        // are two resources, so there is no circle between them.
        const [url, setUrl] = pulumi.deferredOutput<string>();
        const [stagingHost, setStagingHost] = pulumi.deferredOutput<string>();
        const [readyApp, setReadyApp] = pulumi.deferredOutput<string>();
        const [runningApp, setRunningApp] = pulumi.deferredOutput<string>();
        const { resourceGroup, resourceGroupName } = resolveResourceGroup(name, checked, parent);
        const placed = { ...checked, resourceGroupName };
        const { network, place } = createNetwork(name, placed, parent);
        const given = { ...placed, network, place };
        const keys = createKeys(name, { ...given, runningApp }, parent);
        const staging = createStaging(name, given, parent);
        const stagingKeys = staging.keys;
        const staged = stagedEvents(staging, { ...given, hostName: stagingHost });
        const serviceArgs = signalRServiceArgs(name, { ...given, keys, eventUrl: url, staged }, parent);
        const service = new SignalRService(`${name}-service`, serviceArgs, parent);
        adviseOnUpstreamRole(name, { ...checked, keys, stagingKeys, principalId: service.principalId });
        const connection = createConnection(name, { ...given, service, keys }, parent);
        const [readySlot, setReadySlot] = readySlotOf(staging);
        const code = createCode(name, { ...given, readyApp, readySlot }, parent);
        const app = createApp(name, { ...given, service, connection, keys, code, staging }, parent);
        setReadySlot(app);
        setUrl(eventUrl(given, app, earlyCode(keys, checked.keySource)));
        setStagingHost(app.stagingHostName ?? pulumi.output(""));
        const { links, inForce } = createLinks(name, { ...given, service, keys, stagingKeys, app }, parent);
        setReadyApp(afterLinks(app.functionAppName, given, inForce));
        setRunningApp(code.functionAppName ?? app.functionAppName);
        const monitors = createMonitors(name, { ...given, service, keys, stagingKeys, connection, code, app }, parent);

        const made = { resourceGroup, keys, service, connection: connection.nodes, code, app, stagingKeys };
        const nodes = { ...made, network, links, ...monitors };
        keepNodes<SignalRBackendNodes>(this, { ...nodes, locks: lockData(name, checked, nodes, this) });
        this.negotiateUrl = pulumi.interpolate`${app.url}${checked.negotiatePath}`;
        if (app.stagingHostName !== undefined) {
            this.stagingNegotiateUrl = pulumi.interpolate`${app.stagingHostName.apply(hostUrl)}${checked.negotiatePath}`;
        }
        this.endpoint = service.endpoint;
        this.hubNames = pulumi.output([...checked.hubNames, ...stagedNames(checked.hubNames, staged)]);
        this.functionAppName = app.functionAppName;
        this.functionAppHostName = app.functionAppHostName;
        this.serviceName = service.serviceName;
        this.serviceId = service.serviceId;
        this.domainRecords = service.domainRecords;
        this.resourceGroupName = pulumi.output(resourceGroupName);
        this.principalId = app.principalId;
        this.localSettings = connection.localSettings;
        this.registerOutputs({
            negotiateUrl: this.negotiateUrl,
            stagingNegotiateUrl: this.stagingNegotiateUrl,
            endpoint: this.endpoint,
            hubNames: this.hubNames,
            functionAppName: this.functionAppName,
            functionAppHostName: this.functionAppHostName,
            serviceName: this.serviceName,
            serviceId: this.serviceId,
            domainRecords: this.domainRecords,
            resourceGroupName: this.resourceGroupName,
            principalId: this.principalId,
            localSettings: this.localSettings,
        });
    }

    /** The components and resources inside, for what their own options and outputs allow. */
    get nodes(): SignalRBackendNodes {
        return nodesOf(this);
    }
}
