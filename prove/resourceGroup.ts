import { at, isObject, textAt } from "../cli/words";

const groupType = "azure-native:resources:ResourceGroup";

/** Name of the resource group in a stack's deployment, even when its creation did not end. */
export function groupOf(deployment: unknown): string | undefined {
    const made = [at(deployment, "resources") ?? []].flat();
    const pending = [at(deployment, "pending_operations") ?? []].flat().map((operation) => at(operation, "resource"));
    const groups = [...made, ...pending].filter(isObject).filter(({ type }) => type === groupType);
    return groups.map((group) => textAt(group, "inputs", "resourceGroupName")).find((name) => name !== undefined);
}
