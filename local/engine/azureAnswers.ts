type Properties = Record<string, unknown>;

const subscription = "/subscriptions/11111111-2222-3333-4444-555555555555";
const group = `${subscription}/resourceGroups/group/providers`;

/** Azure's answer to one resource: its inputs, an id, and the outputs that Azure adds. */
export function azureOutputs(resource: { type: string; name: string; inputs: Properties }): {
    id: string;
    state: Properties;
} {
    const answer = answers[resource.type];
    const { id, ...added } = answer?.(resource.inputs, resource.name) ?? {};
    return { id: typeof id === "string" ? id : `${resource.name}-id`, state: { ...resource.inputs, ...added } };
}

type Answer = (inputs: Properties, name: string) => Properties;

const answers: Record<string, Answer> = {
    "azure-native:resources:ResourceGroup": ({ resourceGroupName }) => ({ name: resourceGroupName }),
    "azure-native:webpubsub:WebPubSub": (inputs) =>
        webPubSub(String(inputs.resourceName), inputs.identity as Properties),
    "azure-native:signalrservice:SignalR": (inputs) =>
        signalR(String(inputs.resourceName), inputs.identity as Properties),
    "azure-native:web:WebApp": (inputs) => ({
        id: `${group}/Microsoft.Web/sites/${inputs.name}`,
        defaultHostName: `${inputs.name}.azurewebsites.net`,
        identity: { ...(inputs.identity as Properties), principalId: "app-principal" },
    }),
    "azure-native:resources:Deployment": ({ properties }) => ({
        properties: { ...(properties as Properties), outputs: secretUris(properties as Properties) },
    }),
    "azure-native:web:AppServicePlan": (inputs) => ({ id: `${group}/Microsoft.Web/serverfarms/${inputs.name}` }),
    "azure-native:storage:StorageAccount": ({ accountName }) => storageAccount(String(accountName)),
    "azure-native:storage:BlobContainer": ({ containerName }) => ({ name: containerName }),
    "azure-native:storage:Blob": ({ accountName, containerName, blobName }) => ({
        name: blobName,
        url: `https://${accountName}.blob.core.windows.net/${containerName}/${blobName}`,
    }),
    "azure-native:keyvault:Vault": ({ vaultName, properties }) => vault(String(vaultName), properties as Properties),
    "azure-native:keyvault:Secret": ({ vaultName, secretName }) => ({
        name: secretName,
        properties: {
            secretUri: `https://${vaultName}.vault.azure.net/secrets/${secretName}`,
            secretUriWithVersion: `https://${vaultName}.vault.azure.net/secrets/${secretName}/v1`,
        },
    }),
    "azure-native:applicationinsights:Component": ({ resourceName }) => ({
        id: `${group}/Microsoft.Insights/components/${resourceName}`,
        connectionString: `InstrumentationKey=${resourceName}`,
    }),
    "azure-native:operationalinsights:Workspace": ({ workspaceName }) => ({
        id: `${group}/Microsoft.OperationalInsights/workspaces/${workspaceName}`,
    }),
    "azure-native:managedidentity:UserAssignedIdentity": ({ resourceName }) =>
        userAssignedIdentity(String(resourceName)),
    "random:index/randomString:RandomString": () => ({ result: "abc123" }),
    "random:index/randomPassword:RandomPassword": (_inputs, name) => ({ result: `password of ${name}` }),
};

/** Azure's answer to one invoke. */
export function azureResult({ token, inputs }: { token: string; inputs: Properties }): Properties {
    const result = results[token];
    if (result === undefined) {
        throw new Error(`the recorder has no answer to ${token}: add one to local/engine/azureAnswers.ts`);
    }
    return result(inputs);
}

const results: Record<string, (inputs: Properties) => Properties> = {
    "azure-native:authorization:getClientConfig": () => ({
        tenantId: "tenant",
        subscriptionId: subscription.split("/")[2],
    }),
    "azure-native:webpubsub:getWebPubSub": ({ resourceName }) => ({
        ...webPubSub(String(resourceName), {}),
        kind: "SocketIO",
        socketIO: { serviceMode: "Serverless" },
    }),
    "azure-native:webpubsub:listWebPubSubKeys": ({ resourceName }) => ({
        primaryConnectionString: `Endpoint=https://${resourceName}.webpubsub.azure.com;AccessKey=key;Version=1.0;`,
    }),
    "azure-native:signalrservice:getSignalR": ({ resourceName }) => ({
        ...signalR(String(resourceName), {}),
        features: [{ flag: "ServiceMode", value: "Serverless" }],
    }),
    "azure-native:signalrservice:listSignalRKeys": ({ resourceName }) => ({
        primaryConnectionString: `Endpoint=https://${resourceName}.service.signalr.net;AccessKey=key;Version=1.0;`,
    }),
    "azure-native:eventhub:getNamespace": ({ namespaceName }) => ({
        serviceBusEndpoint: `https://${namespaceName}.servicebus.windows.net:443/`,
    }),
    "azure-native:web:listWebAppHostKeys": () => ({
        systemKeys: { socketio_extension: "found-key==", webpubsub_extension: "found-key==" },
    }),
    "azure-native:keyvault:getVault": ({ vaultName }) => vault(String(vaultName), {}),
    "azure-native:web:getAppServicePlan": ({ name }) => ({
        id: `${group}/Microsoft.Web/serverfarms/${name}`,
        numberOfSites: 0,
    }),
    "azure-native:storage:getStorageAccount": ({ accountName }) => storageAccount(String(accountName)),
    "azure-native:managedidentity:getUserAssignedIdentity": ({ resourceName }) =>
        userAssignedIdentity(String(resourceName)),
};

function webPubSub(name: string, identity: Properties): Properties {
    return {
        id: `${group}/Microsoft.SignalRService/webPubSub/${name}`,
        name,
        hostName: `${name}.webpubsub.azure.com`,
        identity: { ...identity, userAssignedIdentities: undefined, principalId: "service-principal" },
    };
}

function signalR(name: string, identity: Properties): Properties {
    return {
        id: `${group}/Microsoft.SignalRService/signalR/${name}`,
        name,
        hostName: `${name}.service.signalr.net`,
        identity: { ...identity, userAssignedIdentities: undefined, principalId: "service-principal" },
    };
}

function storageAccount(name: string): Properties {
    const endpoint = (part: string) => `https://${name}.${part}.core.windows.net/`;
    return {
        id: `${group}/Microsoft.Storage/storageAccounts/${name}`,
        name,
        primaryEndpoints: { blob: endpoint("blob"), queue: endpoint("queue"), table: endpoint("table") },
    };
}

function vault(name: string, properties: Properties): Properties {
    return {
        id: `${group}/Microsoft.KeyVault/vaults/${name}`,
        name,
        properties: { ...properties, vaultUri: `https://${name}.vault.azure.net/` },
    };
}

/** The outputs of a template that writes secrets: the URL of each one's version. */
function secretUris({ template, parameters }: Properties): Properties {
    const { outputs = {} } = (template ?? {}) as { outputs?: Record<string, { value: string }> };
    const { vaultName } = (parameters ?? {}) as { vaultName?: { value: string } };
    return Object.fromEntries(
        Object.entries(outputs).map(([part, { value }]) => {
            const secretName = /'([^']+)'\), '[^']*'\)\.secretUriWithVersion/.exec(value)?.[1];
            return [part, { value: `https://${vaultName?.value}.vault.azure.net/secrets/${secretName}/v1` }];
        }),
    );
}

function userAssignedIdentity(name: string): Properties {
    return {
        id: `${group}/Microsoft.ManagedIdentity/userAssignedIdentities/${name}`,
        name,
        principalId: `principal of ${name}`,
        clientId: `client of ${name}`,
    };
}
