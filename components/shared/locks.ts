import { ManagementLockByScope } from "@pulumi/azure-native/authorization";
import type * as pulumi from "@pulumi/pulumi";

/** The option of a resource that holds data: Pulumi refuses to delete it. Without it the component's own options count. */
export function protectedIf(protectData: boolean | undefined): pulumi.CustomResourceOptions {
    return protectData === true ? { protect: true } : {};
}

/**
 * Locks resources against deletion by anybody. A lock counts for all that lies in the resource, roles on it included, so it is made
 * after all of that, and a destroy removes it first.
 */
export function createLocks(
    name: string,
    scopes: Readonly<Record<string, pulumi.Input<string> | undefined>>,
    opts: pulumi.CustomResourceOptions,
): ManagementLockByScope[] {
    return Object.entries(scopes).flatMap(([part, scope]) =>
        scope === undefined
            ? []
            : [
                  new ManagementLockByScope(
                      `${name}-${part}-lock`,
                      {
                          lockName: `${name}-${part}`.slice(0, 90),
                          scope,
                          level: "CanNotDelete",
                          notes: "Set lockData to false and update before this resource or anything in it is deleted.",
                      },
                      opts,
                  ),
              ],
    );
}
