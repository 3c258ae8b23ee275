import type { Properties } from "./values";

/** Provider namespaces whose capitals nobody can guess from a module's name. */
const namespaces = new Map(
    (
        "AAD AlertsManagement AnalysisServices ApiCenter ApiManagement AppConfiguration AppPlatform AzureArcData AzureFleet " +
        "AzureStackHCI BotService Cache CertificateRegistration CodeSigning CognitiveServices ConfidentialLedger ConnectedVMwarevSphere " +
        "ContainerInstance ContainerRegistry ContainerService CostManagement CustomProviders DBforMariaDB DBforMySQL DBforPostgreSQL " +
        "DataBox DataBoxEdge DataFactory DataLakeAnalytics DataLakeStore DataMigration DataProtection DataShare DesktopVirtualization " +
        "DevCenter DevOpsInfrastructure DevTestLab DeviceUpdate DigitalTwins DocumentDB DomainRegistration DurableTask ElasticSan EventGrid " +
        "EventHub ExtendedLocation FluidRelay GuestConfiguration HDInsight HealthBot HealthcareApis HybridCompute HybridConnectivity " +
        "HybridContainerService HybridNetwork IoTCentral IoTOperations KeyVault KubernetesConfiguration LabServices LoadTestService " +
        "MachineLearning MachineLearningServices ManagedIdentity ManagedNetworkFabric ManagedServices NetApp NetworkCloud NetworkFunction " +
        "NotificationHubs OperationalInsights OperationsManagement PolicyInsights PowerBI PowerBIDedicated PowerPlatform RecoveryServices " +
        "RedHatOpenShift ResourceGraph ResourceHealth SaaS SecurityInsights SerialConsole ServiceBus ServiceFabric ServiceLinker " +
        "ServiceNetworking SignalRService SqlVirtualMachine StorageActions StorageCache StorageMover StorageSync StreamAnalytics " +
        "TimeSeriesInsights VideoIndexer VirtualMachineImages VMwareCloudSimple"
    )
        .split(" ")
        .map((name) => [name.toLowerCase(), name]),
);

/** Modules that azure-native has named anew. The SDK lists their old names as aliases of its resources. */
const renamed = new Map([
    ["applicationinsights", "Insights"],
    ["monitor", "Insights"],
    ["cosmosdb", "DocumentDB"],
    ["mongocluster", "DocumentDB"],
    ["deviceprovisioningservices", "Devices"],
    ["iothub", "Devices"],
    ["dns", "Network"],
    ["dnsresolver", "Network"],
    ["frontdoor", "Network"],
    ["privatedns", "Network"],
    ["trafficmanager", "Network"],
    ["redis", "Cache"],
    ["redisenterprise", "Cache"],
    ["webpubsub", "SignalRService"],
]);

const upperFirst = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
const lowerFirst = (text: string) => text.charAt(0).toLowerCase() + text.slice(1);

/** The provider namespace of a module of azure-native, such as `Microsoft.DocumentDB` for `cosmosdb`. */
export function namespaceOf(module: string): string {
    if (module === "cloudngfw") {
        return "PaloAltoNetworks.Cloudngfw";
    }
    return `Microsoft.${renamed.get(module) ?? namespaces.get(module) ?? upperFirst(module)}`;
}

/** Types whose segments do not follow from their names: from Azure's own resource reference. */
export const armSegments: ReadonlyMap<string, string> = new Map([
    ["analysisservices:ServerDetails", "servers"],
    ["apimanagement:ApiManagementService", "service"],
    ["apimanagement:Api", "service/{serviceName}/apis"],
    ["app:Certificate", "managedEnvironments/{environmentName}/certificates"],
    ["app:DaprComponent", "managedEnvironments/{environmentName}/daprComponents"],
    ["app:ManagedCertificate", "managedEnvironments/{environmentName}/managedCertificates"],
    ["cdn:AFDCustomDomain", "profiles/{profileName}/customDomains"],
    ["cdn:AFDEndpoint", "profiles/{profileName}/afdEndpoints"],
    ["cdn:AFDOrigin", "profiles/{profileName}/originGroups/{originGroupName}/origins"],
    ["cdn:AFDOriginGroup", "profiles/{profileName}/originGroups"],
    ["cdn:Route", "profiles/{profileName}/afdEndpoints/{endpointName}/routes"],
    ["containerservice:AgentPool", "managedClusters/{resourceName}/agentPools"],
    ["cosmosdb:CassandraResourceCassandraKeyspace", "databaseAccounts/{accountName}/cassandraKeyspaces"],
    ["cosmosdb:GremlinResourceGremlinDatabase", "databaseAccounts/{accountName}/gremlinDatabases"],
    ["cosmosdb:MongoDBResourceMongoDBDatabase", "databaseAccounts/{accountName}/mongodbDatabases"],
    [
        "cosmosdb:MongoDBResourceMongoDBCollection",
        "databaseAccounts/{accountName}/mongodbDatabases/{databaseName}/collections",
    ],
    ["cosmosdb:SqlResourceSqlContainer", "databaseAccounts/{accountName}/sqlDatabases/{databaseName}/containers"],
    ["cosmosdb:SqlResourceSqlDatabase", "databaseAccounts/{accountName}/sqlDatabases"],
    ["cosmosdb:SqlResourceSqlRoleAssignment", "databaseAccounts/{accountName}/sqlRoleAssignments"],
    ["cosmosdb:SqlResourceSqlRoleDefinition", "databaseAccounts/{accountName}/sqlRoleDefinitions"],
    ["cosmosdb:TableResourceTable", "databaseAccounts/{accountName}/tables"],
    ["dns:RecordSet", "dnsZones/{zoneName}/{recordType}"],
    ["dns:Zone", "dnsZones"],
    ["iothub:IotHubResource", "IotHubs"],
    ["keyvault:Key", "vaults/{vaultName}/keys"],
    ["network:WebApplicationFirewallPolicy", "ApplicationGatewayWebApplicationFirewallPolicies"],
    ["privatedns:PrivateRecordSet", "privateDnsZones/{privateZoneName}/{recordType}"],
    ["redis:Redis", "redis"],
    ["redisenterprise:RedisEnterprise", "redisEnterprise"],
    ["search:Service", "searchServices"],
    ["servicebus:Rule", "namespaces/{namespaceName}/topics/{topicName}/subscriptions/{subscriptionName}/rules"],
    ["servicebus:Subscription", "namespaces/{namespaceName}/topics/{topicName}/subscriptions"],
    ["storage:FileShare", "storageAccounts/{accountName}/fileServices/default/shares"],
    ["storage:ManagementPolicy", "storageAccounts/{accountName}/managementPolicies"],
    ["storage:Queue", "storageAccounts/{accountName}/queueServices/default/queues"],
    ["storage:Table", "storageAccounts/{accountName}/tableServices/default/tables"],
    ["trafficmanager:Profile", "trafficmanagerprofiles"],
    ["web:StaticSite", "staticSites"],
]);

/** Inputs that name the resource around another one, the outermost first, and that resource's segment. */
const parents = new Map([
    ["serverName", "servers"],
    ["managedInstanceName", "managedInstances"],
    ["namespaceName", "namespaces"],
    ["registryName", "registries"],
    ["workspaceName", "workspaces"],
    ["vaultName", "vaults"],
    ["profileName", "profiles"],
    ["automationAccountName", "automationAccounts"],
    ["virtualNetworkName", "virtualNetworks"],
    ["configStoreName", "configurationStores"],
    ["factoryName", "factories"],
    ["serviceName", "service"],
    ["accountName", "accounts"],
]);

/** Segments of accounts, which a module names in its own way. */
const accounts = new Map([
    ["batch", "batchAccounts"],
    ["cosmosdb", "databaseAccounts"],
    ["documentdb", "databaseAccounts"],
    ["netapp", "netAppAccounts"],
    ["storage", "storageAccounts"],
]);

/** A noun in the plural, as Azure has it in a type: `publicIPAddresses`, `registries`. */
function plural(noun: string): string {
    if (/[^aeiou]y$/.test(noun)) {
        return `${noun.slice(0, -1)}ies`;
    }
    return /(s|x|ch|sh)$/.test(noun) ? (/(ings|tics|ies)$/.test(noun) ? noun : `${noun}es`) : `${noun}s`;
}

/** Kinds whose name has another word for them. */
const shortNames = new Map([
    ["VirtualMachine", "vm"],
    ["VirtualMachineScaleSet", "vmscaleset"],
]);

/** The input that names a resource, such as `virtualNetworkName` of a `VirtualNetwork`. An input that names its parent does not. */
export function nameInput(type: string, inputs: Properties): string | undefined {
    const [, module = "", kind = ""] = type.split(":");
    const path = armSegments.get(`${module}:${kind}`) ?? "";
    const lower = kind.toLowerCase();
    const fits = (key: string) => {
        const noun = key.slice(0, -"Name".length).toLowerCase();
        return noun === shortNames.get(kind) || lower.endsWith(noun.slice(1)) || noun.endsWith(lower);
    };
    const ownKeys = Object.keys(inputs).filter((key) => key.endsWith("Name") && fits(key));
    return [`${lowerFirst(kind)}Name`, "resourceName", "name", ...ownKeys].find(
        (key) => typeof inputs[key] === "string" && !path.includes(`{${key}}`),
    );
}

/** The path that Azure Resource Manager gives to a resource below its namespace: of a known type, or else as most types have it. */
export function armPath(type: string, { name, inputs }: { name: string; inputs: Properties }): string {
    const [, module = "", kind = ""] = type.split(":");
    const nameKey = nameInput(type, inputs);
    const around = [...parents]
        .filter(([input]) => input !== nameKey && typeof inputs[input] === "string")
        .map(([input, segment]) => `${(input === "accountName" && accounts.get(module)) || segment}/{${input}}/`);
    const path = armSegments.get(`${module}:${kind}`) ?? `${around.join("")}${plural(lowerFirst(kind))}`;
    return `${path.replace(/\{(\w+)\}/g, (_, input: string) => String(inputs[input]))}/${name}`;
}
