import { randomUUID } from "node:crypto";
import type { Principal } from "../../emulator/identity";
import type { Properties } from "../engine/values";
import { compact, object, optionalText, textList } from "./inputs";
import type { World } from "./world";

export interface Identities {
    systemAssigned?: Principal;
    userAssigned: Principal[];
    /** `identity` as the resource answers it. */
    outputs: Properties;
    keep: Properties;
}

/** Gives a resource the identities it asks for; a system-assigned one stays the same from run to run. */
export function openIdentities(options: {
    world: World;
    id: string;
    inputs: Properties;
    keep?: Properties;
}): Identities {
    const identity = object(options.inputs.identity);
    const type = optionalText(identity, "type") ?? "None";
    const userAssigned = textList(identity.userAssignedIdentities).map((id) => options.world.principals.get(id));
    const kept = object(options.keep?.principal);
    let systemAssigned: Principal | undefined;
    if (/SystemAssigned/i.test(type)) {
        systemAssigned = {
            principalId: optionalText(kept, "principalId") ?? randomUUID(),
            clientId: optionalText(kept, "clientId") ?? randomUUID(),
            resourceId: options.id,
        };
        options.world.principals.add(options.id, systemAssigned);
        options.world.emulator.identity.addPrincipal(systemAssigned);
    } else {
        closeIdentity({ world: options.world, id: options.id });
    }
    const ids = userAssigned.map(({ resourceId, principalId, clientId }) => [resourceId, { principalId, clientId }]);
    return {
        ...(systemAssigned && { systemAssigned }),
        userAssigned,
        outputs:
            options.inputs.identity === undefined
                ? {}
                : {
                      identity: compact({
                          type,
                          principalId: systemAssigned?.principalId,
                          tenantId: systemAssigned && options.world.tenantId,
                          userAssignedIdentities: ids.length > 0 ? Object.fromEntries(ids) : undefined,
                      }),
                  },
        keep: systemAssigned ? { principal: { ...systemAssigned } } : {},
    };
}

/** A system-assigned identity ends with its resource. */
export function closeIdentity({ world, id }: { world: World; id: string }): void {
    const principal = world.principals.find(id);
    if (!principal) {
        return;
    }
    world.emulator.identity.removePrincipal(principal.principalId);
    world.principals.remove(id);
}
