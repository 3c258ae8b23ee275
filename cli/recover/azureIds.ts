import { recordedSpecs } from "../../local/azure/recordedSpecs";
import { textAt } from "../words";

interface IdRule {
    /** Type in Azure Resource Manager, with the namespace first. */
    armType: string;
    /** Inputs that name the resource, outermost first. An entry that starts with `=`, such as `=default`, is a fixed name. */
    names: readonly string[];
    /** Input with the id of the resource that an extension resource belongs to. Without it, a resource group does. */
    scope?: string;
}

const account = "Microsoft.Storage/storageAccounts";
const site = "Microsoft.Web/sites";
const hubService = "Microsoft.SignalRService/webPubSub";
const signalR = "Microsoft.SignalRService/signalR";
const vault = "Microsoft.KeyVault/vaults";
const namespace = "Microsoft.EventHub/namespaces";

/** How each type of the provider makes its id, by the type's token. */
const rules = new Map<string, IdRule>([
    ...recordedSpecs.map(
        ({ token, armType, names }) => [token.replace("azure-native:", ""), { armType, names }] as const,
    ),
    ["resources:Deployment", { armType: "Microsoft.Resources/deployments", names: ["deploymentName"] }],
    [
        "managedidentity:UserAssignedIdentity",
        { armType: "Microsoft.ManagedIdentity/userAssignedIdentities", names: ["resourceName"] },
    ],
    [
        "authorization:RoleAssignment",
        { armType: "Microsoft.Authorization/roleAssignments", names: ["roleAssignmentName"], scope: "scope" },
    ],
    [
        "authorization:ManagementLockByScope",
        { armType: "Microsoft.Authorization/locks", names: ["lockName"], scope: "scope" },
    ],
    [
        "authorization:ManagementLockAtResourceGroupLevel",
        { armType: "Microsoft.Authorization/locks", names: ["lockName"] },
    ],
    ["keyvault:Vault", { armType: vault, names: ["vaultName"] }],
    ["keyvault:Secret", { armType: `${vault}/secrets`, names: ["vaultName", "secretName"] }],
    ["storage:StorageAccount", { armType: account, names: ["accountName"] }],
    [
        "storage:BlobContainer",
        { armType: `${account}/blobServices/containers`, names: ["accountName", "=default", "containerName"] },
    ],
    [
        "storage:Blob",
        {
            armType: `${account}/blobServices/containers/blobs`,
            names: ["accountName", "=default", "containerName", "blobName"],
        },
    ],
    ["web:AppServicePlan", { armType: "Microsoft.Web/serverfarms", names: ["name"] }],
    ["web:WebApp", { armType: site, names: ["name"] }],
    ["web:WebAppApplicationSettings", { armType: `${site}/config`, names: ["name", "=appsettings"] }],
    ["web:WebAppAuthSettingsV2", { armType: `${site}/config`, names: ["name", "=authsettingsV2"] }],
    ["web:WebAppAuthSettingsV2Slot", { armType: `${site}/slots/config`, names: ["name", "slot", "=authsettingsV2"] }],
    ["web:WebAppFtpAllowed", { armType: `${site}/basicPublishingCredentialsPolicies`, names: ["name", "=ftp"] }],
    ["web:WebAppScmAllowed", { armType: `${site}/basicPublishingCredentialsPolicies`, names: ["name", "=scm"] }],
    ["web:WebAppSlot", { armType: `${site}/slots`, names: ["name", "slot"] }],
    ["web:WebAppApplicationSettingsSlot", { armType: `${site}/slots/config`, names: ["name", "slot", "=appsettings"] }],
    [
        "web:WebAppFtpAllowedSlot",
        { armType: `${site}/slots/basicPublishingCredentialsPolicies`, names: ["name", "slot", "=ftp"] },
    ],
    [
        "web:WebAppScmAllowedSlot",
        { armType: `${site}/slots/basicPublishingCredentialsPolicies`, names: ["name", "slot", "=scm"] },
    ],
    ["web:WebAppSlotConfigurationNames", { armType: `${site}/config`, names: ["name", "=slotConfigNames"] }],
    ["webpubsub:WebPubSub", { armType: hubService, names: ["resourceName"] }],
    ["webpubsub:WebPubSubHub", { armType: `${hubService}/hubs`, names: ["resourceName", "hubName"] }],
    ["signalrservice:SignalR", { armType: signalR, names: ["resourceName"] }],
    [
        "operationalinsights:Workspace",
        { armType: "Microsoft.OperationalInsights/workspaces", names: ["workspaceName"] },
    ],
    ["applicationinsights:Component", { armType: "Microsoft.Insights/components", names: ["resourceName"] }],
    [
        "monitor:DiagnosticSetting",
        { armType: "Microsoft.Insights/diagnosticSettings", names: ["name"], scope: "resourceUri" },
    ],
    ["monitor:ActionGroup", { armType: "Microsoft.Insights/actionGroups", names: ["actionGroupName"] }],
    ["monitor:MetricAlert", { armType: "Microsoft.Insights/metricAlerts", names: ["ruleName"] }],
    ["monitor:ScheduledQueryRule", { armType: "Microsoft.Insights/scheduledQueryRules", names: ["ruleName"] }],
    ["eventhub:Namespace", { armType: namespace, names: ["namespaceName"] }],
    ["eventhub:EventHub", { armType: `${namespace}/eventhubs`, names: ["namespaceName", "eventHubName"] }],
]);

export type ComputedId = { id: string } | { reason: string };

/** The id in Azure of a resource that is about to be created, from its inputs; or why it cannot be told. */
export function azureIdOf({
    type,
    inputs,
    subscriptionId,
}: {
    type: string;
    inputs: Record<string, unknown>;
    subscriptionId: string | undefined;
}): ComputedId {
    // A token may name the version of the API, as in azure-native:web/v20240401:WebApp.
    const token = type.replace(/^azure-native:/, "").replace(/\/v\d[^:]*:/, ":");
    const missing: string[] = [];
    const input = (name: string): string => {
        const found = textAt(inputs, name);
        if (found === undefined) {
            missing.push(name);
        }
        return found ?? "";
    };
    const group = (): string => {
        if (subscriptionId === undefined) {
            missing.push("the subscription, which --subscription or ARM_SUBSCRIPTION_ID names");
        }
        return `/subscriptions/${subscriptionId}/resourceGroups/${input("resourceGroupName")}`;
    };
    const rule = rules.get(token);
    if (rule === undefined && token !== "resources:ResourceGroup") {
        return { reason: `this command does not know how Azure builds the id of a ${type}` };
    }
    const id = rule === undefined ? group() : buildId({ rule, base: rule.scope ? input(rule.scope) : group(), input });
    return missing.length === 0 ? { id } : { reason: `its inputs lack ${missing.join(" and ")}` };
}

function buildId({ rule, base, input }: { rule: IdRule; base: string; input(name: string): string }): string {
    const [provider, ...types] = rule.armType.split("/");
    const path = types.map((segment, index) => {
        const name = rule.names[index] ?? "";
        return `${segment}/${name.startsWith("=") ? name.slice(1) : input(name)}`;
    });
    return `${base}/providers/${provider}/${path.join("/")}`;
}

/** Every type token that this command knows, without the provider's name. */
export const knownTypes: readonly string[] = ["resources:ResourceGroup", ...rules.keys()];
