import { randomUUID } from "node:crypto";
import type { Handler, ProviderFunction } from "../engine/handler";
import { type Properties, unknownValue } from "../engine/values";
import { armHandler } from "./armHandler";
import { optionalText, text } from "./inputs";
import type { World } from "./world";

/** The user who deploys. A local Azure has only one user. */
const deployer = { objectId: "10ca1000-0000-4000-8000-00000000000d", clientId: "10ca1000-0000-4000-8000-00000000000c" };
const guidPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

function roleGuid(inputs: Properties): string {
    return (text(inputs, "roleDefinitionId").split("/").pop() ?? "").toLowerCase();
}

/** Identifies an assignment by its content. */
function contentOf(inputs: Properties): string {
    return [text(inputs, "scope"), roleGuid(inputs), text(inputs, "principalId")].join("|");
}

function requirePrincipal(world: World, inputs: Properties): void {
    const principalId = text(inputs, "principalId");
    if (principalId === deployer.objectId) {
        return;
    }
    const known = world.principals.all().some((principal) => principal.principalId === principalId);
    if (!known) {
        throw new Error(
            `principalId is "${principalId}", but the local Azure has no identity with this id: use an identity of this stack`,
        );
    }
    const type = optionalText(inputs, "principalType") ?? "User";
    if (type !== "ServicePrincipal") {
        throw new Error(
            `principalType is "${type}", but the principal is a managed identity: it must be "ServicePrincipal"`,
        );
    }
}

export const roleAssignment: Handler = armHandler({
    token: "azure-native:authorization:RoleAssignment",
    armType: "Microsoft.Authorization/roleAssignments",
    names: ["roleAssignmentName"],
    autoName: () => randomUUID(),
    outside: ["scope"],
    // Azure can change only the description of an assignment.
    replaceOn: ["scope", "principalId", "roleDefinitionId", "principalType", "condition", "conditionVersion"],
    id: ({ inputs }) =>
        `${text(inputs, "scope")}/providers/Microsoft.Authorization/roleAssignments/${text(inputs, "roleAssignmentName")}`,
    faults(inputs) {
        const faults: string[] = [];
        if (!text(inputs, "scope").startsWith("/") && !isUnknown(inputs, "scope")) {
            faults.push(`scope is "${text(inputs, "scope")}": it must be a resource id, which starts with /`);
        }
        if (!guidPattern.test(roleGuid(inputs)) && !isUnknown(inputs, "roleDefinitionId")) {
            faults.push(`roleDefinitionId is "${text(inputs, "roleDefinitionId")}": it must end with the role's GUID`);
        }
        return faults;
    },
    async make({ world, id, inputs }) {
        requirePrincipal(world, inputs);
        const existing = world.assignments.find(contentOf(inputs));
        if (existing !== undefined && existing !== id) {
            throw new Error(
                `the role assignment ${existing} already gives this role to this principal at this scope: remove one of the two`,
            );
        }
        world.assignments.add(contentOf(inputs), id);
        const scope = text(inputs, "scope");
        const principalId = text(inputs, "principalId");
        world.emulator.identity.assignRole({ id, principalId, roleId: roleGuid(inputs), scope });
        return { outputs: { scope } };
    },
    async remove({ world, id, inputs }) {
        world.assignments.remove(contentOf(inputs));
        world.emulator.identity.removeRole(id);
    },
});

function isUnknown(inputs: Properties, key: string): boolean {
    return text(inputs, key) === unknownValue;
}

export const getClientConfig: ProviderFunction = {
    token: "azure-native:authorization:getClientConfig",
    known: ({ subscriptionId, tenantId }) => ({ ...deployer, subscriptionId, tenantId }),
    run: async ({ world: { subscriptionId, tenantId } }) => ({ ...deployer, subscriptionId, tenantId }),
};
