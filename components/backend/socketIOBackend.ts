import * as pulumi from "@pulumi/pulumi";
import type { WebPubSubHub } from "../hub/webPubSubHub";
import { SocketIOService } from "../service/socketIOService";
import { keepNodes, nodesOf } from "../shared/nodes";
import { serviceKinds } from "../shared/serviceKinds";
import type { SocketIOBackendArgs } from "./args";
import { checkHubBackendArgs } from "./check";
import { type BackendNodes, createApp, createCode, createKeys, eventUrl, resolveResourceGroup } from "./compose";
import { createConnection } from "./connection";
import { createHubs, hubServiceArgs } from "./hubs";

/** Components and resources inside a SocketIOBackend. */
export interface SocketIOBackendNodes extends BackendNodes {
    service: SocketIOService;
    hubs: WebPubSubHub[];
}

/**
 * A serverless Socket.IO backend: the service, a Function App with its code, and every key, role and setting between them.
 *
 * ```ts
 * const chat = new SocketIOBackend("chat", { codePath: "../functions/socketio-chat" });
 * export const negotiateUrl = chat.negotiateUrl;
 * ```
 *
 * For many users, without a cold start:
 *
 * ```ts
 * new SocketIOBackend("chat", {
 *     codePath: "../functions/socketio-chat",
 *     sku: "Premium_P1",
 *     capacity: 5,
 *     plan: "ElasticPremium",
 * });
 * ```
 *
 * Two hubs, and a new key whenever the text changes:
 *
 * ```ts
 * new SocketIOBackend("chat", {
 *     codePath: "../functions/socketio-chat",
 *     hubs: [{ name: "lobby" }, { name: "games" }],
 *     keyRotation: "2026-01",
 * });
 * ```
 */
export class SocketIOBackend extends pulumi.ComponentResource {
    /** Where a client asks for its token: the app's negotiate function. */
    public readonly negotiateUrl: pulumi.Output<string>;
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
    /** Resource group of the backend. */
    public readonly resourceGroupName: pulumi.Output<string>;
    /** Principal id of the Function App's identity. */
    public readonly principalId: pulumi.Output<string>;
    /** Secret content of a local.settings.json that runs the same code on a developer's machine against this service. */
    public readonly localSettings: pulumi.Output<string>;

    constructor(name: string, args: SocketIOBackendArgs, opts?: pulumi.ComponentResourceOptions) {
        super("azure-realtime:index:SocketIOBackend", name, {}, opts);
        const checked = checkHubBackendArgs(`SocketIOBackend "${name}"`, args, serviceKinds.socketio);
        const parent = { parent: this };

        // The app needs its package and its keys; the code needs the ready app, and some keys need the running one.
        const [readyApp, setReadyApp] = pulumi.deferredOutput<string>();
        const [runningApp, setRunningApp] = pulumi.deferredOutput<string>();
        const { resourceGroup, resourceGroupName } = resolveResourceGroup(name, checked, parent);
        const given = { ...checked, resourceGroupName };
        const keys = createKeys(name, { ...given, runningApp }, parent);
        const service = new SocketIOService(`${name}-service`, hubServiceArgs(given), parent);
        const connection = createConnection(name, { ...given, service, keys }, parent);
        const code = createCode(name, { ...given, readyApp }, parent);
        const app = createApp(name, { ...given, connection, keys, code }, parent);
        setReadyApp(app.functionAppName);
        setRunningApp(code.functionAppName ?? app.functionAppName);
        const url = eventUrl(given, app, keys.code);
        const hubs = createHubs(name, { ...given, service, keys, eventUrl: url, runningApp }, parent);

        keepNodes<SocketIOBackendNodes>(this, {
            resourceGroup,
            keys,
            service,
            connection: connection.nodes,
            code,
            app,
            hubs,
        });
        this.negotiateUrl = pulumi.interpolate`${app.url}${checked.negotiatePath}`;
        this.endpoint = service.endpoint;
        this.hubNames = pulumi.all(hubs.map((hub) => hub.hubName));
        this.functionAppName = app.functionAppName;
        this.functionAppHostName = app.functionAppHostName;
        this.serviceName = service.serviceName;
        this.serviceId = service.serviceId;
        this.resourceGroupName = pulumi.output(resourceGroupName);
        this.principalId = app.principalId;
        this.localSettings = connection.localSettings;
        this.registerOutputs({
            negotiateUrl: this.negotiateUrl,
            endpoint: this.endpoint,
            hubNames: this.hubNames,
            functionAppName: this.functionAppName,
            functionAppHostName: this.functionAppHostName,
            serviceName: this.serviceName,
            serviceId: this.serviceId,
            resourceGroupName: this.resourceGroupName,
            principalId: this.principalId,
            localSettings: this.localSettings,
        });
    }

    /** The components and resources inside, for what their own options and outputs allow. */
    get nodes(): SocketIOBackendNodes {
        return nodesOf(this);
    }
}
