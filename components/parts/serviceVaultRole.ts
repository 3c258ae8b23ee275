import type { RoleAssignment } from "@pulumi/azure-native/authorization/roleAssignment";
import type * as pulumi from "@pulumi/pulumi";
import { Roles } from "../rules/roles";
import { assignRole } from "../shared/roles";

/** Lets the service read the key that its event addresses refer to. */
export function grantVaultReader(options: {
    name: string;
    parent: pulumi.Resource;
    vaultId: pulumi.Input<string>;
    principalId: pulumi.Input<string>;
}): RoleAssignment {
    const { name, parent, vaultId, principalId } = options;
    return assignRole(
        { name: `${name}-service-vault-reader`, role: Roles.keyVaultSecretsUser, scope: vaultId, principalId },
        { parent },
    );
}
