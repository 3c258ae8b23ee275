import { handlers } from "../../local/azure";
import type { Recorded } from "../../local/engine/recorder";
import type { Properties } from "../../local/engine/values";

/** The resources of a stack's run as a template of Azure Resource Manager, which checkers of others read. */
export function armTemplateOf(resources: readonly Recorded[]): Properties {
    const byToken = new Map(handlers.map((handler) => [handler.token, handler]));
    return {
        $schema: "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
        contentVersion: "1.0.0.0",
        resources: resources.flatMap(({ type, name, inputs }) => {
            const request = byToken.get(type)?.request?.({ inputs, logicalName: name });
            return request === undefined ? [] : [request];
        }),
    };
}
