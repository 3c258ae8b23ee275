import { getSignalR, getSignalROutput, listSignalRKeysOutput, SignalR } from "@pulumi/azure-native/signalrservice";
import * as pulumi from "@pulumi/pulumi";
import { placeOf } from "../shared/armId";
import { type Rule, show } from "../shared/checks";
import { mapTargets } from "../shared/eventTargets";
import { protectedIf } from "../shared/locks";
import { NamedKind } from "../shared/namingArgs";
import { keepNodes, nodesOf } from "../shared/nodes";
import { ifGiven, itemsOf, orDefault } from "../shared/shape";
import type { SignalRServiceArgs, UpstreamTemplate } from "./args";
import { checkSignalRServiceArgs, type Placed } from "./check";
import {
    adoptService,
    createServiceEndpoint,
    describeService,
    endpointNodes,
    type FoundService,
    newService,
    reachedBy,
    type ServiceEndpointNodes,
    type ServiceOutputs,
} from "./create";
import { type CustomDomainNodes, createCustomDomains, domainRecordsOf } from "./customDomain";
import { createScale, type ScaleNodes } from "./replicas";

/** Resources inside a SignalRService. */
export interface SignalRServiceNodes extends ServiceEndpointNodes, ScaleNodes {
    /** Not there when `serviceId` names a service that exists already. */
    service?: SignalR;
    /** Only there with customDomains. */
    customDomains?: CustomDomainNodes;
}

/**
 * SignalR Service in serverless mode. The service holds the clients' connections and sends their events to its upstreams. Use it
 * alone for several Function Apps behind one service.
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
 * Keep the key of an upstream's URL in a vault and refer to it. The service reads the reference when its upstream or its identity
 * changes and then about every 30 minutes, so give it a user-assigned identity that has its role on the vault before.
 */
export class SignalRService extends pulumi.ComponentResource {
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

    constructor(name: string, args: SignalRServiceArgs, opts?: pulumi.ComponentResourceOptions) {
        super("azure-realtime:index:SignalRService", name, {}, opts);
        const checked = checkSignalRServiceArgs(`SignalRService "${name}"`, args);
        const { outputs, nodes } = resolveSignalR(name, checked, { parent: this });

        const place = { ...checked, ...outputs, kind: "signalR" as const };
        const customDomains = createCustomDomains(name, itemsOf(checked.customDomains), place, { parent: this });

        keepNodes<SignalRServiceNodes>(this, { ...nodes, customDomains });
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
    get nodes(): SignalRServiceNodes {
        return nodesOf(this);
    }
}

/** A SignalR Service: the one whose id is given, or a new one. */
function resolveSignalR(
    name: string,
    args: Placed<SignalRServiceArgs>,
    opts: pulumi.CustomResourceOptions,
): { outputs: ServiceOutputs; nodes: SignalRServiceNodes } {
    if (args.serviceId !== undefined) {
        const { resourceGroupName, name: resourceName } = placeOf("serviceId", args.serviceId, opts);
        const found = getSignalROutput({ resourceGroupName, resourceName }, opts);
        const keys = () => listSignalRKeysOutput({ resourceGroupName, resourceName }, opts);
        return { outputs: describeService(adoptService(found, existingSignalR), args, keys), nodes: {} };
    }
    const { properties, identity } = newService(name, { ...args, look: getSignalR, kind: NamedKind.SignalR }, opts);
    const service = createSignalR(name, { args, properties }, opts);
    const { resourceGroupName } = args;
    const keys = () => listSignalRKeysOutput({ resourceGroupName, resourceName: service.name }, opts);
    const scale = createScale(name, { ...args, kind: "signalR", service }, opts);
    const way = createServiceEndpoint(name, { ...args, groupId: "signalr", targetId: service.id }, opts);
    const outputs = describeService(service, args, keys, identity);
    return { outputs: reachedBy(way, outputs), nodes: { service, ...endpointNodes(way), ...scale } };
}

/** In other modes a client's connection waits for an app server. */
export const existingSignalR: Rule<Pick<FoundService, "name" | "features">> = ({ name, features = [] }) => {
    const mode = features.find(({ flag }) => flag === "ServiceMode")?.value ?? "Default";
    return mode === "Serverless" ? undefined : `serviceId: ${show(name)} is in mode ${mode}. Allowed: mode Serverless.`;
};

function createSignalR(
    name: string,
    { args, properties }: { args: Placed<SignalRServiceArgs>; properties: ReturnType<typeof newService>["properties"] },
    opts: pulumi.CustomResourceOptions,
): SignalR {
    const mode = { flag: "ServiceMode", value: "Serverless" };
    return new SignalR(
        name,
        {
            ...properties,
            kind: "SignalR",
            features: pulumi.output(orDefault(args.features, [])).apply((others) => [mode, ...others]),
            cors: { allowedOrigins: orDefault(args.allowedOrigins, ["*"]) },
            serverless: ifGiven(args.connectionTimeoutInSeconds, (seconds) => ({
                connectionTimeoutInSeconds: seconds,
            })),
            upstream: {
                templates: mapTargets(orDefault(args.upstreamTemplates, []), withDefaults),
            },
            networkACLs: args.networkACLs,
            liveTraceConfiguration: args.liveTraceConfiguration,
            resourceLogConfiguration: args.resourceLogConfiguration,
        },
        { ...opts, ...protectedIf(args.protectData) },
    );
}

function withDefaults(template: UpstreamTemplate): UpstreamTemplate {
    return {
        ...template,
        hubPattern: template.hubPattern ?? "*",
        categoryPattern: template.categoryPattern ?? "*",
        eventPattern: template.eventPattern ?? "*",
    };
}
