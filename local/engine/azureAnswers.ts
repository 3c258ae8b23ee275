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
    "azure-native:webpubsub:WebPubSubReplica": ({ resourceName, replicaName }) => ({
        id: `${group}/Microsoft.SignalRService/webPubSub/${resourceName}/replicas/${replicaName}`,
        name: replicaName,
    }),
    "azure-native:signalrservice:SignalRReplica": ({ resourceName, replicaName }) => ({
        id: `${group}/Microsoft.SignalRService/signalR/${resourceName}/replicas/${replicaName}`,
        name: replicaName,
    }),
    "azure-native:monitor:ActionGroup": (_inputs, name) => ({ id: `${group}/Microsoft.Insights/actionGroups/${name}` }),
    "azure-native:web:WebApp": (inputs) => ({
        id: `${group}/Microsoft.Web/sites/${inputs.name}`,
        defaultHostName: `${inputs.name}.azurewebsites.net`,
        identity: { ...(inputs.identity as Properties), principalId: "app-principal" },
    }),
    "azure-native:web:WebAppSlot": ({ name, slot }) => ({
        id: `${group}/Microsoft.Web/sites/${name}/slots/${slot}`,
        name: `${name}/${slot}`,
        defaultHostName: `${name}-${slot}.azurewebsites.net`,
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
    "azure-native:network:VirtualNetwork": ({ virtualNetworkName }, name) =>
        networkResource("virtualNetworks", String(virtualNetworkName ?? name)),
    "azure-native:network:PrivateEndpoint": ({ privateEndpointName }, name) =>
        networkResource("privateEndpoints", String(privateEndpointName ?? name)),
    "azure-native:privatedns:PrivateZone": ({ privateZoneName }) =>
        networkResource("privateDnsZones", String(privateZoneName)),
    "azure-native:webpubsub:WebPubSubSharedPrivateLinkResource": (inputs) => sharedPrivateLink("webPubSub", inputs),
    "azure-native:signalrservice:SignalRSharedPrivateLinkResource": (inputs) => sharedPrivateLink("signalR", inputs),
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
    "azure-native:webpubsub:getWebPubSubReplica": () => ({}),
    "azure-native:signalrservice:getSignalRReplica": () => ({}),
    "azure-native:eventhub:getNamespace": ({ namespaceName }) => ({
        serviceBusEndpoint: `https://${namespaceName}.servicebus.windows.net:443/`,
    }),
    "azure-native:web:listWebAppHostKeys": () => ({
        systemKeys: { socketio_extension: "found-key==", webpubsub_extension: "found-key==" },
    }),
    // Recorded programs run before their slots exist.
    "azure-native:web:getWebAppSlot": ({ slot }) => {
        const details = `Status=404 Code="ResourceNotFound" Message="slot ${slot} was not found"`;
        // As gRPC reports a failed call.
        throw Object.assign(new Error(details), { details });
    },
    "azure-native:web:listWebAppApplicationSettings": () => ({ properties: {} }),
    "azure-native:keyvault:getVault": ({ vaultName }) =>
        vault(String(vaultName), {
            privateEndpointConnections: connectionsOf("Microsoft.KeyVault/vaults", vaultName).map((one) => ({
                id: one.id,
                ...one.properties,
            })),
        }),
    "azure-native:resources:getResource": ({ resourceProviderNamespace, resourceType, resourceName }) => ({
        properties: {
            privateEndpointConnections: connectionsOf(`${resourceProviderNamespace}/${resourceType}`, resourceName),
        },
    }),
    "azure-native:webpubsub:getWebPubSubSharedPrivateLinkResource": () => ({ status: "Approved" }),
    "azure-native:signalrservice:getSignalRSharedPrivateLinkResource": () => ({ status: "Approved" }),
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
        identity: serviceIdentity(identity),
    };
}

/** Azure answers a list of user-assigned identities with a map of what they are. */
function serviceIdentity({ userAssignedIdentities, ...identity }: Properties): Properties {
    const [id] = Array.isArray(userAssignedIdentities) ? userAssignedIdentities.map(String) : [];
    const own = { principalId: "service-principal", clientId: "service-client" };
    return {
        ...identity,
        ...(id === undefined ? { principalId: own.principalId } : { userAssignedIdentities: { [id]: own } }),
    };
}

function signalR(name: string, identity: Properties): Properties {
    return {
        id: `${group}/Microsoft.SignalRService/signalR/${name}`,
        name,
        hostName: `${name}.service.signalr.net`,
        identity: serviceIdentity(identity),
    };
}

function networkResource(type: string, name: string): Properties {
    return { id: `${group}/Microsoft.Network/${type}/${name}`, name };
}

/** The message of the newest shared private link to each target, by the target's type and name. */
const linkMessages = new Map<string, string>();

function sharedPrivateLink(service: string, inputs: Properties): Properties {
    const { resourceName, sharedPrivateLinkResourceName: name, privateLinkResourceId, requestMessage } = inputs;
    linkMessages.set(String(privateLinkResourceId).split("/providers/")[1] ?? "", String(requestMessage));
    const id = `${group}/Microsoft.SignalRService/${service}/${resourceName}/sharedPrivateLinkResources/${name}`;
    return { id, name, status: "Pending" };
}

/** A target's connections: that of its own private endpoint, and that of a shared private link. */
function connectionsOf(type: string, name: unknown) {
    const target = `${group}/${type}/${name}`;
    const connection = (part: string, state: Properties) => ({
        id: `${target}/privateEndpointConnections/${part}`,
        properties: { privateLinkServiceConnectionState: state },
    });
    return [
        connection("own", { status: "Approved", description: "Auto-Approved" }),
        connection("shared", { status: "Pending", description: linkMessages.get(`${type}/${name}`) ?? "" }),
    ];
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
