import type * as inputs from "@pulumi/azure-native/types/input";
import * as webpubsub from "@pulumi/azure-native/webpubsub";
import * as pulumi from "@pulumi/pulumi";
import { createSuffix, uniqueName } from "./parts/suffix";
import { type Checks, lateError, startChecks } from "./rules/checks";
import { existingServiceRule } from "./rules/existingService";
import { checkServiceArgs, type ServiceIdentity, type ServiceNetworkAccess } from "./rules/serviceArgs";
import { servicePrincipalId } from "./rules/serviceIdentity";
import { defaultUnits, isServiceSku, ServiceSku, skuTier } from "./rules/sku";
import { hostUrl } from "./rules/urls";

/** What a {@link SocketIOService} is made of. */
export interface SocketIOServiceArgs {
    /** The resource group of the service. */
    resourceGroupName: pulumi.Input<string>;
    /** Name of the new service, unique in all of Azure. Defaults to the component's name with a short random part. */
    serviceName?: pulumi.Input<string>;
    /**
     * Name of a service that exists already, of kind SocketIO in serverless mode. Nothing is made then, and no other
     * property of a new service may be given.
     */
    existingServiceName?: pulumi.Input<string>;
    /** Azure region. Defaults to the provider's location, else to the resource group's. */
    location?: pulumi.Input<string>;
    /** Price tier. Defaults to Standard_S1. */
    sku?: pulumi.Input<ServiceSku>;
    /** Units of the tier: Free_F1 1; Standard_S1 and Premium_P1 1-10, 20, 30 … 100; Premium_P2 100, 200 … 1000. Defaults to the fewest. */
    units?: pulumi.Input<number>;
    /** The service's own identity, with which it reads the vault and calls handlers. Defaults to SystemAssigned. */
    identityType?: pulumi.Input<ServiceIdentity>;
    /** Azure Resource Manager id of the identity; needed for UserAssigned, and only then. */
    userAssignedIdentityId?: pulumi.Input<string>;
    /** Whether access keys are refused. Defaults to true; false also gives the `connectionString` output. */
    disableLocalAuth?: boolean;
    /** Whether the service can be reached from the internet. Defaults to Enabled. */
    publicNetworkAccess?: pulumi.Input<ServiceNetworkAccess>;
    /** What is allowed from the internet and from private endpoints. Defaults to Azure's own: everything a token allows. */
    networkACLs?: pulumi.Input<inputs.webpubsub.WebPubSubNetworkACLsArgs>;
    /** What the live trace tool shows. Defaults to off. */
    liveTraceConfiguration?: pulumi.Input<inputs.webpubsub.LiveTraceConfigurationArgs>;
    /** Whether clients are asked for a certificate. Defaults to false; not available on Free_F1. */
    clientCertEnabled?: pulumi.Input<boolean>;
    /** Tags on the service. */
    tags?: pulumi.Input<{ [key: string]: pulumi.Input<string> }>;
}

/**
 * Web PubSub for Socket.IO in serverless mode: it holds the clients' connections, and hands their events to a hub's handlers.
 *
 * ```ts
 * const service = new SocketIOService("chat", { resourceGroupName: group.name });
 * ```
 *
 * With several units, and keys for a client that knows no Entra:
 *
 * ```ts
 * new SocketIOService("chat", { resourceGroupName: group.name, sku: "Premium_P1", units: 3, disableLocalAuth: false });
 * ```
 *
 * A service that exists already:
 *
 * ```ts
 * new SocketIOService("chat", { resourceGroupName: "shared", existingServiceName: "company-chat" });
 * ```
 */
export class SocketIOService extends pulumi.ComponentResource {
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

    constructor(name: string, args: SocketIOServiceArgs, opts?: pulumi.ComponentResourceOptions) {
        super("azure-realtime:index:SocketIOService", name, {}, opts);
        const checks = startChecks(`SocketIOService "${name}"`);
        const checked = checkServiceArgs(checks, args);
        checks.refuse();

        const service = resolveService({ name, args: checked, checks, parent: this });
        this.serviceId = service.id;
        this.serviceName = service.name;
        this.hostName = service.hostName;
        this.endpoint = service.hostName.apply(hostUrl);
        this.principalId = service.identity.apply((identity) => servicePrincipalId(identity) ?? "");
        if (args.disableLocalAuth === false) {
            this.connectionString = readConnectionString({ args: checked, service, parent: this });
        }
        this.registerOutputs({
            serviceId: this.serviceId,
            serviceName: this.serviceName,
            hostName: this.hostName,
            endpoint: this.endpoint,
            principalId: this.principalId,
            connectionString: this.connectionString,
        });
    }
}

type Identity = Parameters<typeof servicePrincipalId>[0];

interface ServicePlace {
    id: pulumi.Output<string>;
    name: pulumi.Output<string>;
    hostName: pulumi.Output<string>;
    identity: pulumi.Output<Identity>;
}

interface ServiceStep {
    name: string;
    args: SocketIOServiceArgs;
    checks: Checks;
    parent: pulumi.Resource;
}

function resolveService(step: ServiceStep): ServicePlace {
    const { args, parent } = step;
    return args.existingServiceName === undefined
        ? createService(step)
        : webPubSubPlace(
              webpubsub.getWebPubSubOutput(
                  { resourceGroupName: args.resourceGroupName, resourceName: args.existingServiceName },
                  { parent },
              ),
          );
}

function webPubSubPlace(found: pulumi.Output<webpubsub.GetWebPubSubResult>): ServicePlace {
    const usable = found.apply((service) => {
        const reason = existingServiceRule(service);
        if (reason !== undefined) {
            throw lateError(reason);
        }
        return service;
    });
    return {
        id: usable.apply(({ id }) => id),
        name: usable.apply((service) => service.name),
        hostName: usable.apply(({ hostName }) => hostName),
        identity: usable.apply(({ identity }) => identity),
    };
}

function createService({ name, args, parent }: ServiceStep): ServicePlace {
    const userAssigned = args.userAssignedIdentityId;
    return new webpubsub.WebPubSub(
        name,
        {
            resourceName: args.serviceName ?? uniqueName(createSuffix(name, { parent }), { base: name, max: 63 }),
            resourceGroupName: args.resourceGroupName,
            location: args.location,
            tags: args.tags,
            kind: webpubsub.ServiceKind.SocketIO,
            socketIO: { serviceMode: "Serverless" },
            sku: resolveSku(args),
            identity: {
                type: args.identityType ?? webpubsub.ManagedIdentityType.SystemAssigned,
                userAssignedIdentities: userAssigned === undefined ? undefined : [userAssigned],
            },
            disableLocalAuth: args.disableLocalAuth ?? true,
            disableAadAuth: false,
            publicNetworkAccess: args.publicNetworkAccess,
            networkACLs: args.networkACLs,
            liveTraceConfiguration: args.liveTraceConfiguration,
            tls: args.clientCertEnabled === undefined ? undefined : { clientCertEnabled: args.clientCertEnabled },
        },
        { parent },
    );
}

function resolveSku(args: SocketIOServiceArgs): pulumi.Input<inputs.webpubsub.ResourceSkuArgs> {
    return pulumi.all([args.sku ?? ServiceSku.StandardS1, args.units]).apply(([sku, units]) => ({
        name: sku,
        ...(isServiceSku(sku) ? { tier: skuTier(sku), capacity: units ?? defaultUnits(sku) } : {}),
    }));
}

function readConnectionString(step: {
    args: SocketIOServiceArgs;
    service: ServicePlace;
    parent: pulumi.Resource;
}): pulumi.Output<string> {
    const keys = webpubsub.listWebPubSubKeysOutput(
        { resourceGroupName: step.args.resourceGroupName, resourceName: step.service.name },
        { parent: step.parent },
    );
    return pulumi.secret(keys.apply(({ primaryConnectionString }) => primaryConnectionString ?? ""));
}
