export interface ParsedId {
    subscription?: string;
    resourceGroup?: string;
    /** `Microsoft.Web/sites/config`, without names. */
    type: string;
    /** Name of the innermost resource. */
    name: string;
    /** Names from the outermost resource to the innermost. */
    names: string[];
}

/** ARM id of a resource in a resource group. `names` has one name for each segment of `type` after the namespace. */
export function buildId({
    subscriptionId,
    resourceGroup,
    type,
    names,
}: {
    subscriptionId: string;
    resourceGroup: string;
    type: string;
    names: string[];
}): string {
    const [namespace, ...types] = type.split("/");
    const path = types.map((segment, index) => `${segment}/${names[index]}`).join("/");
    return `${groupId({ subscriptionId, resourceGroup })}/providers/${namespace}/${path}`;
}

export function groupId({ subscriptionId, resourceGroup }: { subscriptionId: string; resourceGroup: string }): string {
    return `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}`;
}

export function parseId(id: string): ParsedId {
    const parts = id.split("/").filter((part) => part !== "");
    const at = (word: string) => parts.findIndex((part) => part.toLowerCase() === word);
    const after = (word: string) => (at(word) < 0 ? undefined : parts[at(word) + 1]);
    const subscription = after("subscriptions");
    const resourceGroup = after("resourcegroups");
    // The id of an extension resource has two `providers` segments: the last one belongs to the resource itself.
    const provider = parts.map((part) => part.toLowerCase()).lastIndexOf("providers");
    const own = provider < 0 ? [] : parts.slice(provider + 1);
    const names = own.filter((_, index) => index > 0 && index % 2 === 0);
    const types = own.filter((_, index) => index % 2 === 1);
    return {
        ...(subscription !== undefined && { subscription }),
        ...(resourceGroup !== undefined && { resourceGroup }),
        type: [own[0], ...types].join("/"),
        name: names.at(-1) ?? resourceGroup ?? id,
        names,
    };
}
