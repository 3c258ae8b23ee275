import * as pulumi from "@pulumi/pulumi";
import { checkHubBackendArgs } from "../rules/hubBackendArgs";
import { SocketIOService } from "../service/socketIOService";
import { startChecks } from "../shared/checks";
import { serviceKinds } from "../shared/serviceKinds";
import type { HubBackendArgs } from "./args";
import { composeHubBackend, type HubBackendNodes } from "./hubs";

/** What a {@link SocketIOBackend} is made of. */
export interface SocketIOBackendArgs extends HubBackendArgs {}

/**
 * A serverless Socket.IO backend: the service, a Function App with its code, and every key, role and setting between them.
 *
 * ```ts
 * const chat = new SocketIOBackend("chat", { codePath: "../functions/socketio-chat" });
 * export const negotiateUrl = chat.negotiateUrl;
 * ```
 *
 * For many users, with an instance that waits:
 *
 * ```ts
 * new SocketIOBackend("chat", {
 *     codePath: "../functions/socketio-chat",
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
 *     codePath: "../functions/socketio-chat",
 *     hubs: [{ name: "lobby" }, { name: "games" }],
 *     keyRotation: "2026-01",
 * });
 * ```
 */
export class SocketIOBackend extends pulumi.ComponentResource {
    /** Where a client asks for its token: `<app>/api/negotiate`. */
    public readonly negotiateUrl!: pulumi.Output<string>;
    /** Address that clients connect to. */
    public readonly endpoint!: pulumi.Output<string>;
    /** Names of the hubs. */
    public readonly hubNames!: pulumi.Output<string[]>;
    /** Name of the Function App. */
    public readonly functionAppName!: pulumi.Output<string>;
    /** Host name of the Function App. */
    public readonly functionAppHostName!: pulumi.Output<string>;
    /** Name of the service. */
    public readonly serviceName!: pulumi.Output<string>;
    /** Azure Resource Manager id of the service. */
    public readonly serviceId!: pulumi.Output<string>;
    /** The resource group of the backend. */
    public readonly resourceGroupName!: pulumi.Output<string>;
    /** Principal of the Function App's identity. */
    public readonly principalId!: pulumi.Output<string>;
    /** Secret content of a local.settings.json that runs the same code on this machine against this service. */
    public readonly localSettings!: pulumi.Output<string>;

    constructor(name: string, args: SocketIOBackendArgs, opts?: pulumi.ComponentResourceOptions) {
        super("azure-realtime:index:SocketIOBackend", name, {}, opts);
        const kind = serviceKinds.socketio;
        const checks = startChecks(`SocketIOBackend "${name}"`);
        checkHubBackendArgs({ checks, args, kind });
        checks.refuse();

        const { nodes, outputs } = composeHubBackend({ name, args, kind, parent: this, Service: SocketIOService });
        backendNodes.set(this, nodes);
        Object.assign(this, outputs);
        this.registerOutputs(outputs);
    }

    /** The components inside, for what their own options and outputs allow. */
    get nodes(): HubBackendNodes<SocketIOService> {
        return backendNodes.get(this) as HubBackendNodes<SocketIOService>;
    }
}

// A private field would become an output of the component in every language.
const backendNodes = new WeakMap<SocketIOBackend, HubBackendNodes<SocketIOService>>();
