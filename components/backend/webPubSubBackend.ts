import * as pulumi from "@pulumi/pulumi";
import { checkHubBackendArgs } from "../rules/hubBackendArgs";
import { WebPubSubService } from "../service/webPubSubService";
import { startChecks } from "../shared/checks";
import { serviceKinds } from "../shared/serviceKinds";
import type { HubBackendArgs } from "./args";
import { composeHubBackend, type HubBackendNodes } from "./hubs";

/** What a {@link WebPubSubBackend} is made of. */
export interface WebPubSubBackendArgs extends HubBackendArgs {}

/**
 * A serverless Web PubSub backend: the service, a Function App with its code, and every key, role and setting between them.
 *
 * ```ts
 * const chat = new WebPubSubBackend("chat", { codePath: "../functions/webpubsub-chat" });
 * export const negotiateUrl = chat.negotiateUrl;
 * ```
 *
 * With the hub that the code names, and a copy of every event in an event hub:
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

    constructor(name: string, args: WebPubSubBackendArgs, opts?: pulumi.ComponentResourceOptions) {
        super("azure-realtime:index:WebPubSubBackend", name, {}, opts);
        const kind = serviceKinds.webpubsub;
        const checks = startChecks(`WebPubSubBackend "${name}"`);
        checkHubBackendArgs({ checks, args, kind });
        checks.refuse();

        const { nodes, outputs } = composeHubBackend({ name, args, kind, parent: this, Service: WebPubSubService });
        backendNodes.set(this, nodes);
        Object.assign(this, outputs);
        this.registerOutputs(outputs);
    }

    /** The components inside, for what their own options and outputs allow. */
    get nodes(): HubBackendNodes<WebPubSubService> {
        return backendNodes.get(this) as HubBackendNodes<WebPubSubService>;
    }
}

// A private field would become an output of the component in every language.
const backendNodes = new WeakMap<WebPubSubBackend, HubBackendNodes<WebPubSubService>>();
