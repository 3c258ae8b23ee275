import { type Rule, show } from "./checks";

export interface ArmId {
    subscriptionId: string;
    resourceGroupName: string;
    /** Provider and type: `Microsoft.Web/serverfarms`. */
    type: string;
    name: string;
}

const pattern = /^\/subscriptions\/([^/]+)\/resourceGroups\/([^/]+)\/providers\/([^/]+\/[^/]+)\/([^/]+)$/i;

export function parseArmId(id: string): ArmId | undefined {
    const [, subscriptionId, resourceGroupName, type, name] = pattern.exec(id) ?? [];
    return subscriptionId && resourceGroupName && type && name
        ? { subscriptionId, resourceGroupName, type, name }
        : undefined;
}

/** A rule for the Azure Resource Manager id of one resource type; the type's letter case does not matter. */
export function armIdRule(type: string): Rule<string> {
    return (value) =>
        typeof value === "string" && parseArmId(value)?.type.toLowerCase() === type.toLowerCase()
            ? undefined
            : `${show(value)} is not the id of a ${type}. Allowed: /subscriptions/<id>/resourceGroups/<group>/providers/${type}/<name>.`;
}

/** The full id of a built-in role, in the subscription that the scope lies in. */
export function roleDefinitionIdAt({ scope, role }: { scope: string; role: string }): string {
    const subscription = /^\/subscriptions\/[^/]+/i.exec(scope)?.[0] ?? "";
    return `${subscription}/providers/Microsoft.Authorization/roleDefinitions/${role}`;
}
