import type { CoreServices } from "../core/services";
import type { IdentitySession } from "../identity";
import type { FunctionAppOptions } from "./options";

/** Lets an app sign in as its identities; undefined when it has none. */
export function openSession({
    options,
    core,
}: {
    options: FunctionAppOptions;
    core: CoreServices;
}): IdentitySession | undefined {
    const { systemAssigned, userAssigned = [] } = options.identities;
    const principals = systemAssigned === undefined ? userAssigned : [systemAssigned, ...userAssigned];
    return principals.length === 0 ? undefined : core.identity.openIdentitySession(principals);
}
