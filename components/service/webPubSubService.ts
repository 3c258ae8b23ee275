import * as pulumi from "@pulumi/pulumi";
import { resolveWebPubSub, webPubSubKind } from "../parts/webPubSubService";
import { startChecks } from "../shared/checks";
import type { WebPubSubServiceOptionsArgs } from "./args";
import { checkServiceArgs } from "./check";

/** What a {@link WebPubSubService} is made of. */
export interface WebPubSubServiceArgs extends WebPubSubServiceOptionsArgs {}

/**
 * Web PubSub: it holds the clients' WebSocket connections, and hands their events to a hub's handlers.
 *
 * ```ts
 * const service = new WebPubSubService("chat", { resourceGroupName: group.name });
 * ```
 *
 * With several units, and keys for a client that knows no Entra:
 *
 * ```ts
 * new WebPubSubService("chat", { resourceGroupName: group.name, sku: "Premium_P1", units: 3, disableLocalAuth: false });
 * ```
 *
 * A service that exists already:
 *
 * ```ts
 * new WebPubSubService("chat", { resourceGroupName: "shared", existingServiceName: "company-chat" });
 * ```
 */
export class WebPubSubService extends pulumi.ComponentResource {
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

    constructor(name: string, args: WebPubSubServiceArgs, opts?: pulumi.ComponentResourceOptions) {
        super("azure-realtime:index:WebPubSubService", name, {}, opts);
        const checks = startChecks(`WebPubSubService "${name}"`);
        const checked = checkServiceArgs(checks, args);
        checks.refuse();

        const service = resolveWebPubSub({ name, args: checked, parent: this, kind: webPubSubKind });
        this.serviceId = service.serviceId;
        this.serviceName = service.serviceName;
        this.hostName = service.hostName;
        this.endpoint = service.endpoint;
        this.principalId = service.principalId;
        this.connectionString = service.connectionString;
        this.registerOutputs({ ...service });
    }
}
