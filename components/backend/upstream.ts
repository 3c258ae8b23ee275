import * as pulumi from "@pulumi/pulumi";
import { HostKeySource } from "../hostKeys/args";
import type { HostKeys } from "../hostKeys/hostKeys";
import type { ResourceLogConfiguration, SignalRServiceArgs, UpstreamTemplate } from "../service/args";
import { isKnown } from "../shared/checks";
import { mapTargets, withOwnUrl } from "../shared/eventTargets";
import { createIdentity, findIdentity } from "../shared/identity";
import { createSuffix } from "../shared/names";
import { NamedKind } from "../shared/namingArgs";
import { adviseOnRoles, defaultRoleDelaySeconds, grantVaultReader, Roles, rolesInForce } from "../shared/roles";
import { orDefault } from "../shared/shape";
import type { BackendUpstreamTemplate } from "./args";
import type { CheckedSignalRBackendArgs } from "./check";
import { type Placed, serviceArgs } from "./compose";
import { withOwnAuth } from "./eventAuth";
import { logsMessages } from "./monitors";
import type { BackendNetworkParts } from "./network";
import type { StagedEvents } from "./stagingSlot";

type UpstreamArgs = Placed<CheckedSignalRBackendArgs> &
    BackendNetworkParts & {
        keys: HostKeys;
        /** URL of the backend's own Function App for events. */
        eventUrl: pulumi.Output<string>;
        /** The same for the slot, where there is one. */
        staged: StagedEvents | undefined;
    };

/** Args of the service of a SignalR backend. A template without a URL of its own gets `eventUrl`. */
export function signalRServiceArgs(
    name: string,
    args: UpstreamArgs,
    opts: pulumi.CustomResourceOptions,
): SignalRServiceArgs {
    const serviceUserAssignedIdentityId = resolveServiceIdentity(name, args, opts);
    return {
        ...serviceArgs(args),
        serviceUserAssignedIdentityId,
        allowedOrigins: args.allowedOrigins,
        connectionTimeoutInSeconds: args.connectionTimeoutInSeconds,
        features: args.features,
        resourceLogConfiguration: args.resourceLogConfiguration ?? logConfiguration(args),
        upstreamTemplates: resolveTemplates(args),
    };
}

/**
 * The templates, and before them the same once more for the hubs of the slot: the first template that fits gets an event, and one for all
 * hubs fits those of the slot too. Source: https://learn.microsoft.com/azure/azure-signalr/concept-upstream
 */
function resolveTemplates({
    upstreamTemplates,
    eventUrl,
    eventAuth,
    staged,
    hubNames,
}: UpstreamArgs): pulumi.Input<pulumi.Input<UpstreamTemplate>[]> {
    const given = orDefault(upstreamTemplates, [{}]);
    const proof = withOwnAuth<BackendUpstreamTemplate>(eventAuth);
    const resolve = (own: pulumi.Output<string>, change: (one: BackendUpstreamTemplate) => BackendUpstreamTemplate) => {
        const url = withOwnUrl<BackendUpstreamTemplate>(own);
        return mapTargets<BackendUpstreamTemplate, UpstreamTemplate>(given, (one) => url(proof(change(one))));
    };
    const usual = resolve(eventUrl, (one) => one);
    if (staged === undefined) {
        return usual;
    }
    const ofSlot = resolve(staged.eventUrl, ({ hubPattern, ...one }) => ({
        ...one,
        hubPattern: isKnown(hubPattern)
            ? stagedPattern(hubPattern, hubNames, staged)
            : pulumi.output(hubPattern).apply((known) => stagedPattern(known, hubNames, staged)),
    }));
    return Array.isArray(ofSlot) && Array.isArray(usual)
        ? [...ofSlot, ...usual]
        : pulumi.all([pulumi.output(ofSlot), pulumi.output(usual)]).apply(([first, second]) => [...first, ...second]);
}

/** Names of the slot's hubs. */
export function stagedNames(names: readonly string[], staged: Pick<StagedEvents, "hubSuffix"> | undefined): string[] {
    return staged === undefined ? [] : names.map((name) => `${name}${staged.hubSuffix}`);
}

function stagedPattern(pattern: string | undefined, hubNames: readonly string[], staged: StagedEvents): string {
    const parts = (pattern ?? "*").split(",").map((part) => part.trim());
    return stagedNames(parts.includes("*") ? hubNames : parts, staged).join(",");
}

/** What diagnostics send on. A SignalR Service makes no logs by default. */
function logConfiguration(args: CheckedSignalRBackendArgs): ResourceLogConfiguration | undefined {
    if (args.diagnostics === undefined) {
        return undefined;
    }
    const names = ["ConnectivityLogs", "HttpRequestLogs", ...(logsMessages(args) ? ["MessagingLogs"] : [])];
    return { categories: names.map((name) => ({ name, enabled: "true" })) };
}

/**
 * The service's identity, known once its role to read the vault is in force. The service reads the key when its upstream is set and
 * then only about every 30 minutes, so a role that is assigned after the service could take effect half an hour late.
 */
function resolveServiceIdentity(
    name: string,
    args: UpstreamArgs,
    opts: pulumi.CustomResourceOptions,
): pulumi.Input<string> | undefined {
    const { keys, staged, keySource, serviceUserAssignedIdentityId: given } = args;
    if (keySource !== HostKeySource.KeyVault || args.assignRoles === false) {
        return given;
    }
    const base = `${name}-service`;
    const identity =
        given === undefined
            ? createIdentity(
                  base,
                  { ...args, base, suffix: createSuffix(`${base}-identity`, opts), kind: NamedKind.ServiceIdentity },
                  opts,
              )
            : findIdentity("serviceUserAssignedIdentityId", given, opts);
    const { principalId } = identity;
    const roles = [grantVaultReader(name, { vaultId: keys.vaultId, principalId }, opts)];
    if (staged !== undefined) {
        roles.push(grantVaultReader(`${name}-staging`, { vaultId: staged.keys.vaultId, principalId }, opts));
    }
    const inForce = rolesInForce(roles, orDefault(args.roleDelaySeconds, defaultRoleDelaySeconds));
    return pulumi.all([identity.id, inForce]).apply(([id]) => id);
}

/** A service whose identity is given has its role from somebody else already. */
export function adviseOnUpstreamRole(
    name: string,
    args: CheckedSignalRBackendArgs & {
        keys: HostKeys;
        stagingKeys: HostKeys | undefined;
        principalId: pulumi.Output<string>;
    },
): void {
    const { assignRoles, keySource, serviceUserAssignedIdentityId, keys, stagingKeys, principalId } = args;
    if (assignRoles === false && keySource === HostKeySource.KeyVault && serviceUserAssignedIdentityId === undefined) {
        const vaults = stagingKeys === undefined ? [keys] : [keys, stagingKeys];
        const roles = vaults.map(({ vaultId: scope }) => ({ role: Roles.keyVaultSecretsUser, scope }));
        const [component, argument] = [`service of "${name}"`, "serviceUserAssignedIdentityId"];
        adviseOnRoles({ component, argument, principalId, roles });
    }
}

/**
 * The `code` of the upstream URL. A host takes a key only after its settings, and those wait for the service, so with HostKey the URL
 * holds the key itself before the host has it.
 */
export function earlyCode(keys: HostKeys, source: HostKeySource): pulumi.Output<string> {
    const { extensionKey } = keys.nodes;
    return source === HostKeySource.HostKey && extensionKey !== undefined
        ? pulumi.secret(extensionKey.result).apply(encodeURIComponent)
        : keys.code;
}
