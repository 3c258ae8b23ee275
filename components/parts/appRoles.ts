import type { RoleAssignment } from "@pulumi/azure-native/authorization/roleAssignment";
import type * as pulumi from "@pulumi/pulumi";
import type { RoleArgs } from "../functionApp/functionApp";
import { Roles } from "../rules/roles";
import { assignRole } from "../shared/roles";
import type { AppStep, HostStorage, Monitoring } from "./step";

/** Everything that the app's identity may do: use its own storage, send telemetry, and what the caller names. */
export function listRoles({
    args,
    storage,
    monitoring,
}: Pick<AppStep, "args"> & { storage: HostStorage; monitoring: Monitoring }): RoleArgs[] {
    return [
        { name: "blob-owner", role: Roles.storageBlobDataOwner, scope: storage.id },
        { name: "queue-contributor", role: Roles.storageQueueDataContributor, scope: storage.id },
        { name: "table-contributor", role: Roles.storageTableDataContributor, scope: storage.id },
        { name: "metrics-publisher", role: Roles.monitoringMetricsPublisher, scope: monitoring.id },
        ...(args.roles ?? []),
    ];
}

export function grantRoles({
    name,
    parent,
    roles,
    principalId,
}: AppStep & { roles: RoleArgs[]; principalId: pulumi.Input<string> }): RoleAssignment[] {
    return roles.map(({ name: roleName, role, scope }) =>
        assignRole({ name: `${name}-${roleName}`, role, scope, principalId }, { parent }),
    );
}
