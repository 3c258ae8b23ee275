import type { ProviderFunction } from "../engine/handler";
import { buildId, groupId } from "./ids";
import { object, text } from "./inputs";
import { connectionsOf } from "./privateLinks";

const vaultType = "Microsoft.KeyVault/vaults";

/** A function that returns the outputs of one resource. `name` and `below` are the arguments that name the resource and its parent. */
function lookup({
    token,
    armType,
    ...of
}: {
    token: string;
    armType: string;
    name: string;
    below?: string;
}): ProviderFunction {
    return {
        token,
        async run({ world, args }) {
            const resourceGroup = text(args, "resourceGroupName");
            const names = [...(of.below === undefined ? [] : [text(args, of.below)]), text(args, of.name)];
            const id = buildId({ ...world, resourceGroup, type: armType, names });
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
        token: "azure-native:webpubsub:getWebPubSubReplica",
        armType: "Microsoft.SignalRService/webPubSub/replicas",
        name: "replicaName",
        below: "resourceName",
    }),
    lookup({
        token: "azure-native:signalrservice:getSignalRReplica",
        armType: "Microsoft.SignalRService/signalR/replicas",
        name: "replicaName",
        below: "resourceName",
    }),
    lookup({
        token: "azure-native:eventhub:getNamespace",
        armType: "Microsoft.EventHub/namespaces",
        name: "namespaceName",
    }),
    lookup({ token: "azure-native:web:getWebApp", armType: "Microsoft.Web/sites", name: "name" }),
    lookup({
        token: "azure-native:web:getWebAppSlot",
        armType: "Microsoft.Web/sites/slots",
        name: "slot",
        below: "name",
    }),
    lookup({ token: "azure-native:web:getAppServicePlan", armType: "Microsoft.Web/serverfarms", name: "name" }),
    {
        token: "azure-native:keyvault:getVault",
        async run({ world, args }) {
            const resourceGroup = text(args, "resourceGroupName");
            const id = buildId({ ...world, resourceGroup, type: vaultType, names: [text(args, "vaultName")] });
            const vault = world.resources.get(id);
            // The SDK has the parts of a connection at its top.
            const connections = connectionsOf(world, id).map(({ id, properties }) => ({ id, ...properties }));
            const properties = {
                ...object(vault.properties),
                ...(connections.length > 0 && { privateEndpointConnections: connections }),
            };
            return { ...vault, id, properties };
        },
    },
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
