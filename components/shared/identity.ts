import { getUserAssignedIdentityOutput, UserAssignedIdentity } from "@pulumi/azure-native/managedidentity";
import * as pulumi from "@pulumi/pulumi";
import { placeOf } from "./armId";
import { newName } from "./naming";
import { NamedKind } from "./namingArgs";

/** A user-assigned identity, created or found. */
export interface Identity {
    id: pulumi.Output<string>;
    principalId: pulumi.Output<string>;
    clientId: pulumi.Output<string>;
    /** Only there when it was created here. */
    resource?: UserAssignedIdentity;
}

export interface IdentityOptions {
    resourceGroupName: pulumi.Input<string>;
    location?: pulumi.Input<string>;
    tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
    /** Start of the new identity's name. */
    base: string;
    /** Random part of the new identity's name. */
    suffix: pulumi.Output<string>;
    /** Scheme of names, and the identity's kind in it. */
    naming?: unknown;
    kind?: NamedKind;
}

/** Creates a user-assigned identity. */
export function createIdentity(name: string, args: IdentityOptions, opts: pulumi.CustomResourceOptions): Identity {
    const { resourceGroupName, location, tags, base, suffix, naming, kind = NamedKind.AppIdentity } = args;
    const resourceName = newName(suffix, { base, max: 128, naming, kind });
    const resource = new UserAssignedIdentity(name, { resourceName, resourceGroupName, location, tags }, opts);
    return { id: resource.id, principalId: resource.principalId, clientId: resource.clientId, resource };
}

/** Finds a user-assigned identity that exists already. `path` is what the caller's argument is called. */
export function findIdentity(path: string, id: pulumi.Input<string>, opts: pulumi.InvokeOptions): Identity {
    const { resourceGroupName, name: resourceName } = placeOf(path, id, opts);
    const found = getUserAssignedIdentityOutput({ resourceGroupName, resourceName }, opts);
    return { id: pulumi.output(id), principalId: found.principalId, clientId: found.clientId };
}
