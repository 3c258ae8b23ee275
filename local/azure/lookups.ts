import type { ProviderFunction } from "../engine/handler";
import { buildId, groupId } from "./ids";
import { text } from "./inputs";

/** A function that returns the outputs of one resource. `name` is the argument that names the resource. */
function lookup({ token, armType, name }: { token: string; armType: string; name: string }): ProviderFunction {
    return {
        token,
        async run({ world, args }) {
            const resourceGroup = text(args, "resourceGroupName");
            const id = buildId({ ...world, resourceGroup, type: armType, names: [text(args, name)] });
            return { ...world.resources.get(id), id };
        },
    };
}

/** Provider functions that look up a resource of this stack. */
export const lookups: ProviderFunction[] = [
    lookup({
        token: "azure-native:webpubsub:getWebPubSub",
        armType: "Microsoft.SignalRService/webPubSub",
        name: "resourceName",
    }),
    lookup({
        token: "azure-native:signalrservice:getSignalR",
        armType: "Microsoft.SignalRService/signalR",
        name: "resourceName",
    }),
    lookup({
        token: "azure-native:eventhub:getNamespace",
        armType: "Microsoft.EventHub/namespaces",
        name: "namespaceName",
    }),
    lookup({ token: "azure-native:web:getWebApp", armType: "Microsoft.Web/sites", name: "name" }),
    lookup({ token: "azure-native:web:getAppServicePlan", armType: "Microsoft.Web/serverfarms", name: "name" }),
    lookup({ token: "azure-native:keyvault:getVault", armType: "Microsoft.KeyVault/vaults", name: "vaultName" }),
    lookup({
        token: "azure-native:storage:getStorageAccount",
        armType: "Microsoft.Storage/storageAccounts",
        name: "accountName",
    }),
    lookup({
        token: "azure-native:managedidentity:getUserAssignedIdentity",
        armType: "Microsoft.ManagedIdentity/userAssignedIdentities",
        name: "resourceName",
    }),
    lookup({
        token: "azure-native:operationalinsights:getWorkspace",
        armType: "Microsoft.OperationalInsights/workspaces",
        name: "workspaceName",
    }),
    {
        token: "azure-native:resources:getResourceGroup",
        async run({ world, args }) {
            const id = groupId({ ...world, resourceGroup: text(args, "resourceGroupName") });
            return { ...world.resources.get(id), id };
        },
    },
];
