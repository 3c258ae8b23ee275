import type * as authorization from "@pulumi/azure-native/authorization";
import type * as pulumi from "@pulumi/pulumi";
import { Roles } from "../rules/roles";
import { assignRole } from "./roles";
import type { AppStep, HostStorage, Monitoring } from "./step";

/** Everything that the app's identity may do: use its own storage, send telemetry, and what the caller names. */
export function grantRoles(
    step: AppStep & { principalId: pulumi.Input<string>; storage: HostStorage; monitoring: Monitoring },
): authorization.RoleAssignment[] {
    const { name, args, parent, principalId, storage, monitoring } = step;
    const own = [
        { name: "blob-owner", role: Roles.storageBlobDataOwner, scope: storage.id },
        { name: "queue-contributor", role: Roles.storageQueueDataContributor, scope: storage.id },
        { name: "table-contributor", role: Roles.storageTableDataContributor, scope: storage.id },
        { name: "metrics-publisher", role: Roles.monitoringMetricsPublisher, scope: monitoring.id },
    ];
    return [...own, ...(args.roles ?? [])].map((role) =>
        assignRole({ ...role, name: `${name}-${role.name}`, principalId }, { parent }),
    );
}
