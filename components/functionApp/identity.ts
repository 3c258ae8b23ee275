import { getUserAssignedIdentityOutput } from "@pulumi/azure-native/managedidentity/getUserAssignedIdentity";
import { UserAssignedIdentity } from "@pulumi/azure-native/managedidentity/userAssignedIdentity";
import * as pulumi from "@pulumi/pulumi";
import type { AppIdentity, AppStep } from "../parts/step";
import { uniqueName } from "../parts/suffix";
import { parseArmId } from "../shared/armId";
import { FunctionIdentity } from "./check";

/** The app's user-assigned identity, given or made; nothing when the app has its own. */
export function resolveAppIdentity({ name, args, parent, suffix }: AppStep): AppIdentity | undefined {
    if (args.identityType !== FunctionIdentity.UserAssigned) {
        return undefined;
    }
    if (args.userAssignedIdentityId === undefined) {
        const { resourceGroupName, location, tags } = args;
        return new UserAssignedIdentity(
            name,
            {
                resourceName: uniqueName(suffix, { base: `${name}-identity`, max: 128 }),
                resourceGroupName,
                location,
                tags,
            },
            { parent },
        );
    }
    return findIdentity({ id: args.userAssignedIdentityId, parent });
}

/** A user-assigned identity that exists already. */
export function findIdentity(given: { id: pulumi.Input<string>; parent: pulumi.Resource }): AppIdentity {
    const id = pulumi.output(given.id);
    const place = id.apply(parseArmId);
    const found = getUserAssignedIdentityOutput(
        {
            resourceGroupName: place.apply((known) => known?.resourceGroupName ?? ""),
            resourceName: place.apply((known) => known?.name ?? ""),
        },
        { parent: given.parent },
    );
    return { id, principalId: found.principalId, clientId: found.clientId };
}
