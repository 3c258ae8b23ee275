import { randomUUID } from "node:crypto";
import type { Handler, ProviderFunction } from "../engine/handler";
import type { ProviderSettings } from "../engine/settings";
import { type Properties, unknownValue } from "../engine/values";
import { armError } from "./armErrors";
import { armHandler, type MakeContext } from "./armHandler";
import { deployer } from "./deployer";
import { optionalText, text } from "./inputs";
import type { RoleAssignment, World } from "./world";

const guidPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

function roleGuid(inputs: Properties): string {
    return (text(inputs, "roleDefinitionId").split("/").pop() ?? "").toLowerCase();
}

/** Identifies an assignment by its content, in any case. */
function contentOf(inputs: Properties): string {
    return [text(inputs, "scope"), roleGuid(inputs), text(inputs, "principalId")].join("|").toLowerCase();
}

/** Azure takes the same content once, and a name for one content only. */
function refuseConflict({ world, id, name, inputs }: Pick<MakeContext, "world" | "id" | "name" | "inputs">): void {
    const content = contentOf(inputs);
    const others = world.assignments.all();
    const sameName = (other: RoleAssignment) => other.name.toLowerCase() === name.toLowerCase();
    if (others.some((other) => sameName(other) && other.content !== content)) {
        throw armError({
            status: 400,
            code: "RoleAssignmentUpdateNotPermitted",
            message: "Tenant ID, application ID, principal ID, and scope are not allowed to be updated.",
            hint: `Role assignment ${name} exists for another scope, role or principal: give this one another name`,
        });
    }
    const same = others.find((other) => other.content === content && other.id.toLowerCase() !== id.toLowerCase());
    if (same) {
        const shown = same.name.replaceAll("-", "");
        throw armError({
            status: 409,
            code: "RoleAssignmentExists",
            message: `The role assignment already exists. The ID of the existing role assignment is ${shown}.`,
            hint: `The role assignment ${same.id} already gives this role to this principal at this scope: remove one of the two`,
        });
    }
}

/** Older than any stack, whatever this machine's clock is set to. */
const longAgo = Date.UTC(2000, 0, 1);

/**
 * When the assignment was created. A program may wait for a new role to take effect; the local Azure puts it in force at once,
 * so it answers a time so long ago that nobody waits. A time in the future was noted before the clock was set back.
 */
function createdOn({ world, before }: Pick<MakeContext, "world" | "before">): number {
    const known = Date.parse(String(before?.outputs.createdOn));
    if (known <= world.now()) {
        return known;
    }
    return world.azureTiming === undefined ? longAgo : world.now();
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
    replaceOn: ["principalId", "roleDefinitionId", "principalType", "condition", "conditionVersion"],
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
    async make({ world, id, name, inputs, before }) {
        requirePrincipal(world, inputs);
        refuseConflict({ world, id, name, inputs });
        world.assignments.add(id, { id, name, content: contentOf(inputs) });
        const scope = text(inputs, "scope");
        const principalId = text(inputs, "principalId");
        const time = createdOn({ world, ...(before && { before }) });
        const assignment = { id, principalId, roleId: roleGuid(inputs), scope, createdOn: time };
        world.emulator.identity.assignRole(assignment);
        const created = new Date(time).toISOString();
        return { outputs: { scope, createdOn: created, updatedOn: created, createdBy: deployer.objectId } };
    },
    async remove({ world, id }) {
        world.assignments.remove(id);
        world.emulator.identity.removeRole(id);
    },
});

function isUnknown(inputs: Properties, key: string): boolean {
    return text(inputs, key) === unknownValue;
}

const clientConfig = ({ subscriptionId, tenantId, clientId = deployer.clientId }: ProviderSettings): Properties => ({
    ...deployer,
    clientId,
    subscriptionId,
    tenantId,
});

export const getClientConfig: ProviderFunction = {
    token: "azure-native:authorization:getClientConfig",
    known: clientConfig,
    run: async ({ world }) => clientConfig(world),
};
