import * as pulumi from "@pulumi/pulumi";
import type { WebPubSubHub } from "../hub/webPubSubHub";
import { WebPubSubService } from "../service/webPubSubService";
import { keepNodes, nodesOf } from "../shared/nodes";
import { serviceKinds } from "../shared/serviceKinds";
import { hostUrl } from "../shared/urls";
import type { WebPubSubBackendArgs } from "./args";
import { checkHubBackendArgs } from "./check";
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
import { createHubs, hubServiceArgs } from "./hubs";
import { createMonitors } from "./monitors";
import { afterLinks, createLinks, createNetwork } from "./network";
import { createStaging, readySlotOf, stagedHubs } from "./stagingSlot";

/** Components and resources inside a WebPubSubBackend. */
export interface WebPubSubBackendNodes extends BackendNodes {
    service: WebPubSubService;
    hubs: WebPubSubHub[];
}

/**
 * A serverless Web PubSub backend: the service, a Function App with its code, and every key, role and setting between them.
 *
 * ```ts
 * const chat = new WebPubSubBackend("chat", { codePath: "../functions/webpubsub-chat", hubs: [{ name: "chat" }] });
 * export const negotiateUrl = chat.negotiateUrl;
 * ```
 *
 * With a copy of every event in an event hub:
 *
 * ```ts
 * new WebPubSubBackend("chat", {
 *     codePath: "../functions/webpubsub-chat",
 *     hubs: [{ name: "chat", eventListeners: [{ name: "archive", eventHubId: eventHub.id }] }],
 * });
 * ```
 *
 * Some events elsewhere, and the rest to the app:
 *
 * ```ts
 * new WebPubSubBackend("chat", {
 *     codePath: "../functions/webpubsub-chat",
 *     hubs: [
 *         { name: "chat", eventHandlers: [{ urlTemplate: "https://audit.example.com/{event}", userEventPattern: "audit" }, {}] },
 *     ],
 * });
 * ```
 */
export class WebPubSubBackend extends pulumi.ComponentResource {
    /** Where a client asks for its token: the app's negotiate function. */
    public readonly negotiateUrl: pulumi.Output<string>;
    /** The same of the staging slot, whose code a swap brings to the app. Only there with stagingSlot. */
    public readonly stagingNegotiateUrl?: pulumi.Output<string>;
    /** URL that clients connect to. */
    public readonly endpoint: pulumi.Output<string>;
    /** Names of the hubs, those of a staging slot last. */
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

    constructor(name: string, args: WebPubSubBackendArgs, opts?: pulumi.ComponentResourceOptions) {
        super("azure-realtime:index:WebPubSubBackend", name, {}, opts);
        const checked = checkHubBackendArgs(`WebPubSubBackend "${name}"`, args, serviceKinds.webpubsub);
        const parent = { parent: this };

        // The app needs its package and its keys; the code needs the ready app, and some keys need the running one.
        const [readyApp, setReadyApp] = pulumi.deferredOutput<string>();
        const [runningApp, setRunningApp] = pulumi.deferredOutput<string>();
        const { resourceGroup, resourceGroupName } = resolveResourceGroup(name, checked, parent);
        const placed = { ...checked, resourceGroupName };
        const { network, place } = createNetwork(name, placed, parent);
        const given = { ...placed, network, place };
        const keys = createKeys(name, { ...given, runningApp }, parent);
        const service = new WebPubSubService(`${name}-service`, hubServiceArgs(given), parent);
        const connection = createConnection(name, { ...given, service, keys }, parent);
        const staging = createStaging(name, given, parent);
        const stagingKeys = staging.keys;
        const [readySlot, setReadySlot] = readySlotOf(staging);
        const code = createCode(name, { ...given, readyApp, readySlot }, parent);
        const app = createApp(name, { ...given, service, connection, keys, code, staging }, parent);
        setReadySlot(app);
        const { links, inForce } = createLinks(name, { ...given, service, keys, stagingKeys, app }, parent);
        setReadyApp(afterLinks(app.functionAppName, given, inForce));
        setRunningApp(code.functionAppName ?? app.functionAppName);
        const url = eventUrl(given, app, keys.code);
        const staged = stagedHubs(staging, { ...given, app, code });
        const hubs = createHubs(name, { ...given, service, keys, eventUrl: url, runningApp, inForce, staged }, parent);
        const monitors = createMonitors(name, { ...given, service, keys, stagingKeys, connection, code, app }, parent);

        const made = {
            resourceGroup,
            keys,
            service,
            connection: connection.nodes,
            code,
            app,
            stagingKeys,
        };
        const nodes = { ...made, hubs, network, links, ...monitors };
        keepNodes<WebPubSubBackendNodes>(this, { ...nodes, locks: lockData(name, checked, nodes, this) });
        this.negotiateUrl = pulumi.interpolate`${app.url}${checked.negotiatePath}`;
        if (app.stagingHostName !== undefined) {
            this.stagingNegotiateUrl = pulumi.interpolate`${app.stagingHostName.apply(hostUrl)}${checked.negotiatePath}`;
        }
        this.endpoint = service.endpoint;
        this.hubNames = pulumi.all(hubs.map((hub) => hub.hubName));
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
    get nodes(): WebPubSubBackendNodes {
        return nodesOf(this);
    }
}
