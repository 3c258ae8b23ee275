import { randomUUID } from "node:crypto";
import type { Principal } from "../../emulator/identity";
import type { Properties } from "../engine/values";
import { compact, object, optionalText, textList } from "./inputs";
import type { World } from "./world";

export interface Identities {
    systemAssigned?: Principal;
    userAssigned: Principal[];
    /** The resource's output `identity`. */
    outputs: Properties;
    keep: Properties;
}

/** Gives a resource its identities. A system-assigned identity keeps its ids from run to run. */
export function openIdentities({
    world,
    id: resourceId,
    inputs,
    keep,
}: {
    world: World;
    id: string;
    inputs: Properties;
    keep?: Properties;
}): Identities {
    const identity = object(inputs.identity);
    const type = optionalText(identity, "type") ?? "None";
    const userAssigned = textList(identity.userAssignedIdentities).map((id) => world.principals.get(id));
    const kept = object(keep?.principal);
    let systemAssigned: Principal | undefined;
    if (/SystemAssigned/i.test(type)) {
        systemAssigned = {
            principalId: optionalText(kept, "principalId") ?? randomUUID(),
            clientId: optionalText(kept, "clientId") ?? randomUUID(),
            resourceId,
        };
        world.principals.add(resourceId, systemAssigned);
        world.emulator.identity.addPrincipal(systemAssigned);
    } else {
        closeIdentity({ world, id: resourceId });
    }
    const ids = userAssigned.map((one) => [one.resourceId, { principalId: one.principalId, clientId: one.clientId }]);
    return {
        ...(systemAssigned && { systemAssigned }),
        userAssigned,
        outputs:
            inputs.identity === undefined
                ? {}
                : {
                      identity: compact({
                          type,
                          principalId: systemAssigned?.principalId,
                          tenantId: systemAssigned && world.tenantId,
                          userAssignedIdentities: ids.length > 0 ? Object.fromEntries(ids) : undefined,
                      }),
                  },
        keep: systemAssigned ? { principal: { ...systemAssigned } } : {},
    };
}

/** Removes the system-assigned identity of a resource, if it has one. */
export function closeIdentity({ world, id }: { world: World; id: string }): void {
    const principal = world.principals.find(id);
    if (!principal) {
        return;
    }
    world.emulator.identity.removePrincipal(principal.principalId);
    world.principals.remove(id);
}
