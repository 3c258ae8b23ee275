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

/** ARM id of a resource in a resource group; `type` and `names` go hand in hand: one name per type segment. */
export function buildId(options: {
    subscriptionId: string;
    resourceGroup: string;
    type: string;
    names: string[];
}): string {
    const [namespace, ...types] = options.type.split("/");
    const path = types.map((type, index) => `${type}/${options.names[index]}`).join("/");
    return `/subscriptions/${options.subscriptionId}/resourceGroups/${options.resourceGroup}/providers/${namespace}/${path}`;
}

export function groupId(options: { subscriptionId: string; resourceGroup: string }): string {
    return `/subscriptions/${options.subscriptionId}/resourceGroups/${options.resourceGroup}`;
}

export function parseId(id: string): ParsedId {
    const parts = id.split("/").filter((part) => part !== "");
    const at = (word: string) => parts.findIndex((part) => part.toLowerCase() === word);
    const after = (word: string) => (at(word) < 0 ? undefined : parts[at(word) + 1]);
    const subscription = after("subscriptions");
    const resourceGroup = after("resourcegroups");
    // An extension resource has two providers; the last one is its own.
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
