import type { Handler } from "../engine/handler";
import { armHandler } from "./armHandler";
import { groupId } from "./ids";
import { text } from "./inputs";

export const resourceGroup: Handler = armHandler({
    token: "azure-native:resources:ResourceGroup",
    armType: "Microsoft.Resources/resourceGroups",
    names: ["resourceGroupName"],
    regional: true,
    id: ({ inputs, settings }) => groupId({ ...settings, resourceGroup: text(inputs, "resourceGroupName") }),
    make: async () => ({ outputs: { properties: { provisioningState: "Succeeded" } } }),
});
