import { setTimeout as pause } from "node:timers/promises";
import { RoleAssignment } from "@pulumi/azure-native/authorization";
import * as pulumi from "@pulumi/pulumi";
import { v5 as guidOf } from "uuid";
import { roleDefinitionIdAt } from "./armId";

/**
 * Built-in Azure roles that the components assign, each by the GUID of its role definition.
 *
 * Every backend and service has the id of its service as an output, so that others can be given a role on it:
 *
 * ```ts
 * new authorization.RoleAssignment("support", {
 *     scope: chat.serviceId,
 *     principalId: supportTeamObjectId,
 *     principalType: "Group",
 *     roleDefinitionId: `/providers/Microsoft.Authorization/roleDefinitions/${Roles.webPubSubServiceOwner}`,
 * });
 * ```
 *
 * Source: https://learn.microsoft.com/azure/role-based-access-control/built-in-roles
 */
export const Roles = {
    webPubSubServiceOwner: "12cf5a90-567b-43ae-8102-96cf46c7d9b4",
    signalRServiceOwner: "7e4f1700-ea5a-4f59-8f37-079cfe29dce3",
    storageBlobDataOwner: "b7e6dc6d-f1e8-4753-8033-0f276bb0955b",
    storageBlobDataReader: "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1",
    storageQueueDataContributor: "974c5e8b-45b9-4653-ba55-5f855dd0fb88",
    storageTableDataContributor: "0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3",
    keyVaultSecretsOfficer: "b86a8fe4-44ce-4948-aee5-eccb2c155cd7",
    keyVaultSecretsUser: "4633458b-17de-408a-b874-0445c86b69e6",
    eventHubsDataSender: "2b629674-e913-4c01-ae53-ef4638d8f975",
    monitoringMetricsPublisher: "3913510d-42f4-4e42-8a64-420c390055eb",
} as const;

export interface RoleToAssign {
    /** GUID of a built-in role. */
    role: pulumi.Input<string>;
    scope: pulumi.Input<string>;
    principalId: pulumi.Input<string>;
}

// Any fixed GUID does: it keeps these names apart from names that others derive from the same texts.
const namespace = "8d5c2a0e-2f0b-4a76-9b0f-6c1f7a1f3e11";

/**
 * The name of an assignment, a GUID made of what it says. Azure takes each triple once only, so the same triple has the same name in
 * every update, and an assignment that an ended update left behind can be imported by its id.
 */
export function roleAssignmentName([scope, principalId, role]: [string, string, string]): string {
    return guidOf([scope.toLowerCase(), principalId, role].join("|"), namespace);
}

/** Gives an identity one role on one resource. */
export function assignRole(
    name: string,
    { role, scope, principalId }: RoleToAssign,
    opts: pulumi.CustomResourceOptions,
): RoleAssignment {
    return new RoleAssignment(
        name,
        {
            roleAssignmentName: pulumi.all([scope, principalId, role]).apply(roleAssignmentName),
            scope,
            principalId,
            // Azure assumes a user otherwise, and refuses an identity that its directory has not seen yet.
            principalType: "ServicePrincipal",
            roleDefinitionId: pulumi
                .all([scope, role])
                .apply(([knownScope, knownRole]) => roleDefinitionIdAt({ scope: knownScope, role: knownRole })),
        },
        opts,
    );
}

/** Names of the roles on Azure's pages and in its portal. */
const displayNames: Record<string, string> = {
    [Roles.webPubSubServiceOwner]: "Web PubSub Service Owner",
    [Roles.signalRServiceOwner]: "SignalR Service Owner",
    [Roles.storageBlobDataOwner]: "Storage Blob Data Owner",
    [Roles.storageBlobDataReader]: "Storage Blob Data Reader",
    [Roles.storageQueueDataContributor]: "Storage Queue Data Contributor",
    [Roles.storageTableDataContributor]: "Storage Table Data Contributor",
    [Roles.keyVaultSecretsOfficer]: "Key Vault Secrets Officer",
    [Roles.keyVaultSecretsUser]: "Key Vault Secrets User",
    [Roles.eventHubsDataSender]: "Azure Event Hubs Data Sender",
    [Roles.monitoringMetricsPublisher]: "Monitoring Metrics Publisher",
};

/** Roles that nobody has assigned to an identity, and how a caller gives an identity that has them. */
export interface UnassignedRoles {
    /** What errors call the component. */
    component: string;
    /** The argument for an identity that exists already. */
    argument: string;
    principalId: pulumi.Input<string>;
    roles: { role: pulumi.Input<string>; scope: pulumi.Input<string> }[];
}

/**
 * Says which roles somebody else has to assign to an identity that is new, so that nobody has them yet. A preview does not know the
 * ids, so it names the roles alone.
 */
export function adviseOnRoles({ component, argument, principalId, roles }: UnassignedRoles): void {
    const preview = pulumi.runtime.isDryRun();
    const lines = roles.map(({ role, scope }) =>
        pulumi
            .all([role, preview ? "" : scope])
            .apply(([id, place]) => `${displayNames[id] ?? "role"} (${id})${preview ? "" : ` on ${place}`}`),
    );
    pulumi
        .all([preview ? "" : principalId, ...lines])
        .apply(([principal, ...told]) =>
            pulumi.log.warn(
                `${component}: assignRoles is false and the identity is new. Nothing works until somebody gives ` +
                    `${preview ? "it" : `principal ${principal}`} these roles: ${told.join("; ")}. ` +
                    `Or give an identity that has them: ${argument}.`,
            ),
        );
}

/** Lets the realtime service read the key that its event URLs refer to. */
export function grantVaultReader(
    name: string,
    { vaultId, principalId }: { vaultId: pulumi.Input<string>; principalId: pulumi.Input<string> },
    opts: pulumi.CustomResourceOptions,
): RoleAssignment {
    const grant = { role: Roles.keyVaultSecretsUser, scope: vaultId, principalId };
    return assignRole(`${name}-service-vault-reader`, grant, opts);
}

/** Reports name 60 to 120 seconds until a role is in force; Azure's own page says ten minutes at most. */
export const defaultRoleDelaySeconds = 120;

/**
 * Resolves when the roles have had `seconds` to take effect. Azure confirms an assignment minutes before it is in force everywhere.
 * A preview, and an update whose roles are older, does not wait. A clock behind Azure's does not lengthen the wait.
 */
export function rolesInForce(roles: RoleAssignment[], seconds: pulumi.Input<number>): pulumi.Output<unknown> {
    return pulumi.all([seconds, ...roles.map((role) => role.createdOn)]).apply(async ([delay, ...created]) => {
        const times = created.map((time) => Date.parse(String(time))).filter((time) => !Number.isNaN(time));
        const now = Date.now();
        const rest = Math.min(now, Math.max(0, ...times)) + Number(delay) * 1000 - now;
        if (rest > 0 && !pulumi.runtime.isDryRun()) {
            pulumi.log.info(`Waiting ${Math.ceil(rest / 1000)} s for new roles to take effect (roleDelaySeconds).`);
            await pause(rest);
        }
    });
}
