import * as pulumi from "@pulumi/pulumi";
import { grantListeners } from "../hub/eventListeners";
import type { WebPubSubHub } from "../hub/webPubSubHub";
import { createHubs } from "../parts/hubs";
import { grantVaultReader } from "../parts/serviceVaultRole";
import type { WebPubSubServiceOptionsArgs } from "../service/args";
import { lateError } from "../shared/checks";
import type { HubBackendArgs } from "./args";
import { ConnectionAuth } from "./check";
import {
    appWebhookUrl,
    type Backend,
    type BackendNodes,
    type BackendOutputs,
    type BackendStep,
    composeBackend,
    type Placed,
} from "./compose";
import type { ServiceNode } from "./connection";

export interface HubBackendNodes<S extends ServiceNode> extends BackendNodes<S> {
    hubs: WebPubSubHub[];
}

export interface HubBackendOutputs extends BackendOutputs {
    hubNames: pulumi.Output<string[]>;
}

type ServiceClass<S> = new (
    name: string,
    args: WebPubSubServiceOptionsArgs,
    opts: pulumi.ComponentResourceOptions,
) => S;

/** A backend whose service has hubs, each with the addresses of its events: made once app and key are known. */
export function composeHubBackend<S extends ServiceNode>(
    step: BackendStep<HubBackendArgs> & { Service: ServiceClass<S> },
): { nodes: HubBackendNodes<S>; outputs: HubBackendOutputs } {
    const { Service, ...given } = step;
    const backend = composeBackend({
        ...given,
        createService: (placed) =>
            new Service(`${placed.name}-service`, serviceArgs(placed), { parent: placed.parent }),
    });
    const { placed, nodes, outputs } = backend;
    const hubs = createHubs({
        name: placed.name,
        args: placed.args,
        parent: placed.parent,
        resourceGroupName: serviceGroup(placed),
        serviceName: afterServiceRoles(backend),
        urlTemplate: appWebhookUrl({ kind: placed.kind, app: nodes.app, code: nodes.keys.code }),
    });
    return {
        nodes: { ...nodes, hubs },
        outputs: { ...outputs, hubNames: pulumi.all(hubs.map((hub) => hub.hubName)) },
    };
}

function serviceGroup({ args, resourceGroupName }: Placed<HubBackendArgs>): pulumi.Input<string> {
    return args.existingServiceName === undefined
        ? resourceGroupName
        : (args.existingServiceResourceGroupName ?? resourceGroupName);
}

function serviceArgs(placed: Placed<HubBackendArgs>): WebPubSubServiceOptionsArgs {
    const { args } = placed;
    return {
        resourceGroupName: serviceGroup(placed),
        serviceName: args.serviceName,
        existingServiceName: args.existingServiceName,
        location: args.location,
        sku: args.sku,
        units: args.units,
        identityType: args.serviceIdentityType,
        userAssignedIdentityId: args.serviceUserAssignedIdentityId,
        disableLocalAuth: args.connectionAuth === ConnectionAuth.AccessKey ? false : undefined,
        publicNetworkAccess: args.publicNetworkAccess,
        networkACLs: args.networkACLs,
        liveTraceConfiguration: args.liveTraceConfiguration,
        clientCertEnabled: args.clientCertEnabled,
        tags: args.tags,
    };
}

/** The service's name once its identity may do what hubs ask of it: a hub that came first would call without a key. */
function afterServiceRoles({
    placed,
    nodes,
}: Pick<Backend<HubBackendArgs, ServiceNode>, "placed" | "nodes">): pulumi.Output<string> {
    const { name, args, parent } = placed;
    const { service, keys } = nodes;
    const listeners = (args.hubs ?? []).flatMap((hub) =>
        (hub.eventListeners ?? []).map((listener) => ({ ...listener, name: `${hub.name}-${listener.name}` })),
    );
    const principalId = args.existingServiceName === undefined ? service.principalId : withIdentity(service);
    const roles = grantListeners({ name, listeners, principalId, parent });
    if (keys.vaultId !== undefined) {
        roles.push(grantVaultReader({ name, parent, vaultId: keys.vaultId, principalId }));
    }
    return pulumi.all([service.serviceName, ...roles.map((role) => role.id)]).apply(([known]) => known ?? "");
}

/** Without an identity the service can neither read the key nor send to an event hub, with nothing that says why. */
function withIdentity({ principalId }: ServiceNode): pulumi.Output<string> {
    return principalId.apply((known) => {
        if (known === "") {
            throw lateError(
                "existingServiceName: the service has no identity, so it cannot read the key from the vault or send to an event hub. Give it one, or use keySource HostKey or Discovered and no eventListeners.",
            );
        }
        return known;
    });
}
