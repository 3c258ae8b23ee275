import { HostingPlan } from "../functionApp/args";
import { checkDeployerIpRanges } from "../functionCode/check";
import { HostKeySource } from "../hostKeys/args";
import { type BackendNetwork, LinkTarget, NetworkExposure } from "../network/args";
import { checkNetworkOptions, noNetworkOn, type ResolvedNetwork } from "../network/check";
import type { Replica } from "../service/args";
import { type Checks, oneOf } from "../shared/checks";
import type { EndpointGroup } from "../shared/privateEndpoint";
import { RealtimeExtension, type ServiceKind } from "../shared/serviceKinds";
import { itemsOf } from "../shared/shape";
import type { BackendArgs, HubBackendArgs } from "./args";

/** What the check of a backend's network settles. */
export type CheckedBackendNetwork = BackendNetwork &
    ResolvedNetwork & {
        clients: NetworkExposure;
        app: NetworkExposure;
        /** Every kind of private endpoint that the backend has. */
        groupIds: EndpointGroup[];
    };

type Networked = BackendArgs &
    Pick<HubBackendArgs, "serviceId" | "networkACLs" | "publicNetworkAccess" | "replicas" | "stagingSlot"> & {
        plan: HostingPlan;
        keySource: HostKeySource;
    };

/** Things that exist already have a network of their own, which is not the backend's to change. */
const existing = { serviceId: "service", storageAccountId: "account", vaultId: "vault" } as const;

/** Checks the private network of a backend, and what cannot go with one. */
export function checkBackendNetwork(
    checks: Checks,
    args: Networked,
    kind: ServiceKind,
): CheckedBackendNetwork | undefined {
    const { privateNetwork: given, plan, keySource } = args;
    if (given === undefined) {
        return undefined;
    }
    for (const [key, thing] of Object.entries(existing) as [keyof typeof existing, string][]) {
        if (args[key] !== undefined) {
            checks.fault(
                key,
                `privateNetwork closes what the backend creates, and the network of a given ${thing} is its owner's. Remove one of them.`,
            );
        }
    }
    for (const key of ["networkACLs", "publicNetworkAccess"] as const) {
        if (args[key] !== undefined) {
            checks.fault(key, "privateNetwork decides it, by privateNetwork.clients. Remove one of them.");
        }
    }
    if (keySource !== HostKeySource.KeyVault) {
        checks.fault(
            "keySource",
            `${keySource} asks the running host through Azure Resource Manager, which is reported to fail in a private network. Use KeyVault, or remove privateNetwork.`,
        );
    }
    if (plan === HostingPlan.Consumption) {
        checks.fault("privateNetwork", `plan ${noNetworkOn(plan)}`);
    }
    const part = checks.at("privateNetwork.");
    const { clients = NetworkExposure.Public, app = NetworkExposure.Public } = given;
    part.plain("clients", clients, oneOf(NetworkExposure));
    part.plain("app", app, oneOf(NetworkExposure));
    const groupIds = groupsOf(kind, app);
    const targets = linkTargets(kind, app).flatMap((target) =>
        target === LinkTarget.Vault && args.stagingSlot !== undefined
            ? [targetWords[target], "the vault of the staging slot"]
            : [targetWords[target]],
    );
    checkReplicas(checks, itemsOf<Replica>(args.replicas), targets);
    return {
        ...given,
        ...checkNetworkOptions(part, given, { plan, groupIds }),
        deployerIpRanges: checkDeployerIpRanges(part, { ...args, deployerIpRanges: given.deployerIpRanges }),
        clients,
        app,
        groupIds,
    };
}

/** What a service reaches through shared private links: SignalR reads its key before a link to the vault could be there. */
export function linkTargets({ extension }: ServiceKind, app: NetworkExposure): LinkTarget[] {
    return [
        ...(extension === RealtimeExtension.SignalR ? [] : [LinkTarget.Vault]),
        ...(app === NetworkExposure.Private ? [LinkTarget.Sites] : []),
    ];
}

const targetWords: Record<LinkTarget, string> = { vault: "the vault", sites: "the Function App" };

/**
 * A replica has the service's shared private links too, and each is approved on its own. Until then the replica's events fail, so it
 * takes no clients. Source: https://learn.microsoft.com/azure/azure-web-pubsub/howto-enable-geo-replication
 */
function checkReplicas(checks: Checks, replicas: Replica[], targets: string[]): void {
    for (const [index, { regionEndpointEnabled }] of replicas.entries()) {
        if (targets.length > 0 && regionEndpointEnabled === undefined) {
            const places = targets.join(" and of ");
            checks.fault(
                `replicas[${index}].regionEndpointEnabled`,
                `it must be said beside privateNetwork, because a replica's shared private links wait for an approval of their own and its events fail until then. Give false and update, approve the replica's connections on the networking page of ${places}, then give true and update.`,
            );
        }
    }
}

function groupsOf(kind: ServiceKind, app: NetworkExposure): EndpointGroup[] {
    const service = kind.extension === RealtimeExtension.SignalR ? "signalr" : "webpubsub";
    return ["blob", "queue", "table", "vault", service, ...(app === NetworkExposure.Private ? ["sites" as const] : [])];
}
