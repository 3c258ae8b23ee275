import { findBody, resolveSchema, type Schema } from "../contract/contract";
import { recordedSpecs } from "./recordedSpecs";

const sharedPrivateLink = ["properties.groupId", "properties.privateLinkResourceId", "properties.requestMessage"];

const site = [
    "identity",
    "kind",
    "properties.serverFarmId",
    "properties.reserved",
    "properties.keyVaultReferenceIdentity",
    // Whether the app reads a vault that is closed to the internet.
    "properties.virtualNetworkSubnetId",
    "properties.functionAppConfig.deployment",
    "properties.functionAppConfig.runtime",
    "properties.siteConfig.appSettings",
    "properties.siteConfig.cors",
    "properties.siteConfig.linuxFxVersion",
    // Refused on Flex Consumption, and Always On on sizes without it.
    "properties.siteConfig.alwaysOn",
    "properties.siteConfig.ftpsState",
    "properties.siteConfig.functionsRuntimeScaleMonitoringEnabled",
    "properties.siteConfig.netFrameworkVersion",
    "properties.siteConfig.preWarmedInstanceCount",
    "properties.siteConfig.use32BitWorkerProcess",
    "properties.siteConfig.windowsFxVersion",
];

/**
 * Properties that do something in the local Azure, by resource type and in the spelling of the request's body: they change
 * what happens, or are held against other resources. The local Azure checks every other property by its contract, records it,
 * and does nothing with it. A test holds the whole list against the contract.
 */
export const actingProperties: Readonly<Record<string, readonly string[]>> = {
    "Microsoft.Resources/resourceGroups": ["location"],
    "Microsoft.Resources/deployments": [
        "properties.template",
        "properties.parameters",
        "properties.templateLink",
        "properties.parametersLink",
    ],
    "Microsoft.ManagedIdentity/userAssignedIdentities": [],
    "Microsoft.Authorization/roleAssignments": [
        "properties.roleDefinitionId",
        "properties.principalId",
        "properties.principalType",
    ],
    "Microsoft.KeyVault/vaults": [
        "properties.enableRbacAuthorization",
        "properties.enablePurgeProtection",
        "properties.softDeleteRetentionInDays",
        "properties.createMode",
        "properties.publicNetworkAccess",
        "properties.networkAcls.defaultAction",
    ],
    "Microsoft.KeyVault/vaults/secrets": ["properties.value"],
    "Microsoft.Storage/storageAccounts": ["properties.allowSharedKeyAccess"],
    "Microsoft.Storage/storageAccounts/blobServices/containers": [],
    "Microsoft.SignalRService/webPubSub": [
        "kind",
        "identity",
        "sku.name",
        "sku.tier",
        "sku.capacity",
        "properties.disableLocalAuth",
        "properties.disableAadAuth",
        "properties.socketIO.serviceMode",
    ],
    "Microsoft.SignalRService/webPubSub/hubs": [
        "properties.eventHandlers",
        "properties.eventListeners",
        "properties.anonymousConnectPolicy",
        "properties.webSocketKeepAliveIntervalInSeconds",
    ],
    "Microsoft.SignalRService/signalR": [
        "identity",
        "sku.name",
        "sku.tier",
        "sku.capacity",
        "properties.disableLocalAuth",
        "properties.disableAadAuth",
        "properties.features",
        "properties.upstream",
        "properties.cors",
        "properties.serverless",
    ],
    "Microsoft.Web/serverfarms": ["sku.name", "properties.reserved"],
    "Microsoft.Web/sites": site,
    "Microsoft.Web/sites/slots": site,
    "Microsoft.Web/sites/slots/config": ["properties"],
    "Microsoft.Web/sites/slots/basicPublishingCredentialsPolicies": [],
    "Microsoft.Web/sites/config": ["properties"],
    "Microsoft.Web/sites/basicPublishingCredentialsPolicies": [],
    "Microsoft.OperationalInsights/workspaces": [],
    "Microsoft.Insights/components": [],
    "Microsoft.Insights/diagnosticSettings": [],
    "Microsoft.Insights/actionGroups": [],
    "Microsoft.Insights/metricAlerts": [],
    "Microsoft.Insights/scheduledQueryRules": [],
    "Microsoft.EventHub/namespaces": [],
    "Microsoft.EventHub/namespaces/eventhubs": [],
    "Microsoft.Authorization/locks": ["properties.level"],
    // Recorded only.
    ...Object.fromEntries(recordedSpecs.map(({ armType }) => [armType, []])),
    // Recorded, but their connections show on their targets, and decide who reads a closed vault.
    "Microsoft.Network/privateEndpoints": ["properties.privateLinkServiceConnections"],
    "Microsoft.SignalRService/webPubSub/sharedPrivateLinkResources": sharedPrivateLink,
    "Microsoft.SignalRService/signalR/sharedPrivateLinkResources": sharedPrivateLink,
};

/** The properties of a type that a program can set, and that do nothing. A section without any effect counts as one. */
export function propertiesWithoutEffect(armType: string, name = "x"): string[] {
    const body = findBody(armType, name);
    const acting = actingProperties[armType] ?? [];
    return body === undefined ? [] : without({ schema: body.schema, path: "", acting });
}

function without(options: { schema: Schema; path: string; acting: readonly string[] }): string[] {
    const { path, acting } = options;
    return Object.entries(membersOf(options.schema)).flatMap(([name, schema]) => {
        const inner = path === "" ? name : `${path}.${name}`;
        if (schema.readOnly === true || inner === "name" || acting.includes(inner)) {
            return [];
        }
        return acting.some((other) => other.startsWith(`${inner}.`))
            ? without({ schema, path: inner, acting })
            : inner === "properties"
              ? Object.keys(membersOf(schema))
                    .filter((key) => membersOf(schema)[key]?.readOnly !== true)
                    .map((key) => `${inner}.${key}`)
              : [inner];
    });
}

function membersOf(schema: Schema): Record<string, Schema> {
    const resolved = resolveSchema(schema);
    return (
        resolved.properties ?? (resolved.items === undefined ? {} : (resolveSchema(resolved.items).properties ?? {}))
    );
}

/** Acting properties that the contract does not have, or that only Azure sets. */
export function unknownActingProperties(armType: string, name = "x"): string[] {
    const body = findBody(armType, name);
    return (actingProperties[armType] ?? []).filter((path) => {
        let schema: Schema | undefined = body?.schema;
        for (const part of path.split(".")) {
            schema = schema === undefined ? undefined : membersOf(schema)[part];
        }
        return schema === undefined || schema.readOnly === true;
    });
}
