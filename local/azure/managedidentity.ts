import { randomUUID } from "node:crypto";
import type { Handler } from "../engine/handler";
import { armHandler } from "./armHandler";
import { closeIdentity } from "./identities";
import { optionalText } from "./inputs";

export const userAssignedIdentity: Handler = armHandler({
    token: "azure-native:managedidentity:UserAssignedIdentity",
    armType: "Microsoft.ManagedIdentity/userAssignedIdentities",
    names: ["resourceName"],
    regional: true,
    async make({ world, id, before }) {
        const principal = {
            principalId: optionalText(before?.outputs ?? {}, "principalId") ?? randomUUID(),
            clientId: optionalText(before?.outputs ?? {}, "clientId") ?? randomUUID(),
            resourceId: id,
        };
        world.principals.add(id, principal);
        world.emulator.identity.addPrincipal(principal);
        const { principalId, clientId } = principal;
        return { outputs: { principalId, clientId, tenantId: world.tenantId } };
    },
    async remove({ world, id }) {
        closeIdentity({ world, id });
    },
});
