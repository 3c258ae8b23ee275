import { RoleAssignment } from "@pulumi/azure-native/authorization/roleAssignment";
import * as pulumi from "@pulumi/pulumi";
import { roleDefinitionIdAt } from "./armId";

export interface RoleToAssign {
    /** The resource's name in the stack. */
    name: string;
    /** GUID of a built-in role. */
    role: pulumi.Input<string>;
    scope: pulumi.Input<string>;
    principalId: pulumi.Input<string>;
}

/** Gives an identity one role on one resource. */
export function assignRole(
    { name, role, scope, principalId }: RoleToAssign,
    opts: pulumi.CustomResourceOptions,
): RoleAssignment {
    return new RoleAssignment(
        name,
        {
            scope,
            principalId,
            // Without it Azure takes the principal for a user and refuses identities it has not seen yet.
            principalType: "ServicePrincipal",
            roleDefinitionId: pulumi
                .all([scope, role])
                .apply(([knownScope, knownRole]) => roleDefinitionIdAt({ scope: knownScope, role: knownRole })),
        },
        opts,
    );
}
