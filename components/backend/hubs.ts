import type { RoleAssignment } from "@pulumi/azure-native/authorization";
import * as pulumi from "@pulumi/pulumi";
import { HostKeySource } from "../hostKeys/args";
import type { HostKeys } from "../hostKeys/hostKeys";
import type { EventHandler } from "../hub/args";
import { grantListeners } from "../hub/eventListeners";
import { WebPubSubHub } from "../hub/webPubSubHub";
import type { SocketIOServiceArgs } from "../service/args";
import { resourceGroupOf } from "../shared/armId";
import { lateError } from "../shared/checks";
import { mapTargets, withOwnUrl } from "../shared/eventTargets";
import { adviseOnRoles, grantVaultReader, Roles } from "../shared/roles";
import { orDefault } from "../shared/shape";
import type { BackendEventHandler } from "./args";
import type { CheckedHub, CheckedHubBackendArgs } from "./check";
import { type Placed, serviceArgs } from "./compose";
import type { ConnectedService } from "./connection";
import { withOwnAuth } from "./eventAuth";
import type { BackendNetworkParts, ServiceLinks } from "./network";
import type { StagedHubs } from "./stagingSlot";

/** Args of the service of a backend with hubs. */
export function hubServiceArgs(args: Placed<CheckedHubBackendArgs> & BackendNetworkParts): SocketIOServiceArgs {
    const { serviceId, serviceIdentityType } = args;
    return { ...serviceArgs(args), serviceId, serviceIdentityType };
}

type HubsArgs = Placed<CheckedHubBackendArgs> & {
    service: ConnectedService;
    keys: HostKeys;
    /** URL of the backend's own Function App for events. */
    eventUrl: pulumi.Output<string>;
    /** Name of the app, known once it runs its code. */
    runningApp: pulumi.Output<string>;
    /** The backend's name, where `name` is not. */
    owner?: string;
} & Pick<ServiceLinks, "inForce">;

/** Creates the hubs. A handler without a URL of its own gets `eventUrl`. */
export function createHubs(
    name: string,
    { staged, ...args }: HubsArgs & { staged?: StagedHubs },
    opts: pulumi.CustomResourceOptions,
): WebPubSubHub[] {
    const own = createHubsOf(name, args, opts);
    if (staged === undefined) {
        return own;
    }
    const { hubSuffix, keys, eventUrl, running } = staged;
    // Events of tests stay out of what listeners collect.
    const hubs = args.hubs.map((hub) => ({ ...hub, name: `${hub.name}${hubSuffix}`, eventListeners: [] }));
    return [
        ...own,
        ...createHubsOf(`${name}-staging`, { ...args, hubs, keys, eventUrl, runningApp: running, owner: name }, opts),
    ];
}

function createHubsOf(name: string, args: HubsArgs, opts: pulumi.CustomResourceOptions): WebPubSubHub[] {
    const serviceName = afterRolesAndCode(name, args, opts);
    return args.hubs.map(
        (hub) =>
            new WebPubSubHub(
                `${name}-${hub.name}`,
                {
                    resourceGroupName: groupOfService(args),
                    serviceName,
                    hubName: hub.name,
                    eventHandlers: resolveHandlers(hub.eventHandlers, args),
                    eventListeners: hub.eventListeners,
                    anonymousConnectPolicy: hub.anonymousConnectPolicy,
                    webSocketKeepAliveIntervalInSeconds: hub.webSocketKeepAliveIntervalInSeconds,
                },
                opts,
            ),
    );
}

function groupOfService({ serviceId, resourceGroupName }: Placed<CheckedHubBackendArgs>): pulumi.Input<string> {
    return serviceId === undefined ? resourceGroupName : resourceGroupOf(serviceId);
}

/**
 * The service's name, once its identity has its roles, its links work and the app runs. The service reads the key when a hub first needs it, and not
 * again for 30 minutes, so the roles get the minutes that the app takes.
 */
function afterRolesAndCode(name: string, args: HubsArgs, opts: pulumi.CustomResourceOptions): pulumi.Output<string> {
    const { service, runningApp, inForce } = args;
    if (args.assignRoles === false) {
        adviseOnServiceRoles(args.owner ?? name, args);
    }
    const roles = args.assignRoles === false ? [] : grantServiceRoles(name, args, opts);
    const before = [runningApp, inForce, ...roles.map((role) => role.id)];
    return pulumi.all([service.serviceName, ...before]).apply(([known]) => String(known));
}

function grantServiceRoles(name: string, args: HubsArgs, opts: pulumi.CustomResourceOptions): RoleAssignment[] {
    const { service, keys, hubs, keySource } = args;
    const listeners = hubs.flatMap((hub) =>
        hub.eventListeners.map((listener) => ({ ...listener, name: `${hub.name}-${listener.name}` })),
    );
    const principalId = args.serviceId === undefined ? service.principalId : withIdentity(service);
    const roles = grantListeners(name, { listeners, principalId }, opts);
    if (keySource === HostKeySource.KeyVault) {
        roles.push(grantVaultReader(name, { vaultId: keys.vaultId, principalId }, opts));
    }
    return roles;
}

/** A service that is given, or whose identity is given, has its roles from somebody else already. */
function adviseOnServiceRoles(name: string, args: HubsArgs): void {
    const { service, keys, hubs, keySource } = args;
    const eventHubs = new Set(hubs.flatMap((hub) => hub.eventListeners.map(({ eventHubId }) => eventHubId)));
    const roles = [
        ...(keySource === HostKeySource.KeyVault ? [{ role: Roles.keyVaultSecretsUser, scope: keys.vaultId }] : []),
        ...[...eventHubs].map((scope) => ({ role: Roles.eventHubsDataSender, scope })),
    ];
    if (args.serviceId === undefined && args.serviceUserAssignedIdentityId === undefined && roles.length > 0) {
        const [component, argument] = [`service of "${name}"`, "serviceUserAssignedIdentityId"];
        adviseOnRoles({ component, argument, principalId: service.principalId, roles });
    }
}

/** The principal id of a service that exists already. Without an identity its events would carry no key, and nothing would say why. */
function withIdentity({ principalId }: ConnectedService): pulumi.Output<string> {
    return principalId.apply((known) => {
        if (known === "") {
            throw lateError(
                "serviceId: the service has no identity, so it cannot read the key from the vault or send to an event hub. Give it an identity, or use keySource HostKey or Discovered and no eventListeners.",
            );
        }
        return known;
    });
}

function resolveHandlers(
    handlers: CheckedHub["eventHandlers"],
    { eventUrl, eventAuth }: Pick<HubsArgs, "eventUrl" | "eventAuth">,
): pulumi.Input<EventHandler[]> {
    const [url, proof] = [withOwnUrl<BackendEventHandler>(eventUrl), withOwnAuth<BackendEventHandler>(eventAuth)];
    return mapTargets<BackendEventHandler, EventHandler>(orDefault(handlers, [{}]), (one) => url(proof(one)));
}
