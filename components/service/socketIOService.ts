import type { WebPubSub } from "@pulumi/azure-native/webpubsub";
import * as pulumi from "@pulumi/pulumi";
import { keepNodes, nodesOf } from "../shared/nodes";
import { itemsOf } from "../shared/shape";
import type { SocketIOServiceArgs } from "./args";
import { checkWebPubSubArgs } from "./check";
import { resolveWebPubSub, type ServiceEndpointNodes, socketIOKind } from "./create";
import { type CustomDomainNodes, createCustomDomains, domainRecordsOf } from "./customDomain";
import type { ScaleNodes } from "./replicas";

/** Resources inside a SocketIOService. */
export interface SocketIOServiceNodes extends ServiceEndpointNodes, ScaleNodes {
    /** Not there when `serviceId` names a service that exists already. */
    service?: WebPubSub;
    /** Only there with customDomains. */
    customDomains?: CustomDomainNodes;
}

/**
 * Web PubSub for Socket.IO in serverless mode. The service holds the clients' connections and sends their events to the handlers of
 * a hub. Use it alone when the handlers are not a Function App of SocketIOBackend.
 *
 * ```ts
 * const service = new SocketIOService("chat", { resourceGroupName: group.name });
 * ```
 *
 * With several units, and access keys for a client that cannot use Microsoft Entra:
 *
 * ```ts
 * new SocketIOService("chat", { resourceGroupName: group.name, sku: "Premium_P1", capacity: 3, disableLocalAuth: false });
 * ```
 *
 * A service that exists already:
 *
 * ```ts
 * new SocketIOService("chat", { resourceGroupName: "shared", serviceId: companyChat.id });
 * ```
 */
export class SocketIOService extends pulumi.ComponentResource {
    /** Azure Resource Manager id of the service. */
    public readonly serviceId: pulumi.Output<string>;
    /** Name of the service. */
    public readonly serviceName: pulumi.Output<string>;
    /** Host name that clients connect to. */
    public readonly hostName: pulumi.Output<string>;
    /** URL that clients connect to, known once the private endpoint works, where there is one. */
    public readonly endpoint: pulumi.Output<string>;
    /** Principal id of the service's identity. */
    public readonly principalId: pulumi.Output<string>;
    /** Client id of the service's user-assigned identity; empty without one. */
    public readonly identityClientId: pulumi.Output<string>;
    /** CNAME records that custom domains need: the service's own host name by domain name. */
    public readonly domainRecords: pulumi.Output<{ [key: string]: string }>;
    /** Connection string with the primary key, secret. Only there when `disableLocalAuth` is false. */
    public readonly connectionString?: pulumi.Output<string>;

    constructor(name: string, args: SocketIOServiceArgs, opts?: pulumi.ComponentResourceOptions) {
        super("azure-realtime:index:SocketIOService", name, {}, opts);
        const checked = checkWebPubSubArgs(`SocketIOService "${name}"`, args);
        const { outputs, nodes } = resolveWebPubSub(name, { ...checked, ofKind: socketIOKind }, { parent: this });

        const place = { ...checked, ...outputs, kind: "webPubSub" as const };
        const customDomains = createCustomDomains(name, itemsOf(checked.customDomains), place, { parent: this });

        keepNodes<SocketIOServiceNodes>(this, { ...nodes, customDomains });
        this.domainRecords = domainRecordsOf(itemsOf(checked.customDomains), outputs.hostName);
        this.serviceId = outputs.serviceId;
        this.serviceName = outputs.serviceName;
        this.hostName = outputs.hostName;
        this.endpoint = outputs.endpoint;
        this.principalId = outputs.principalId;
        this.identityClientId = outputs.identityClientId;
        this.connectionString = outputs.connectionString;
        this.registerOutputs({ ...outputs, domainRecords: this.domainRecords });
    }

    /** The resources inside, for what their own options and outputs allow. */
    get nodes(): SocketIOServiceNodes {
        return nodesOf(this);
    }
}
