import { experimentalBundle, generalBundle, previewBundle } from "./bundle";

/** Where a binding comes from: the host itself, or the first version of each extension bundle that holds it. */
export type BindingOrigin = "host" | readonly { id: string; since?: string }[];

/** One binding of Azure Functions, or several of one extension that are alike here. */
export interface BindingEntry {
    /** Types as Azure's documentation writes them. The host ignores their case. */
    types: readonly string[];
    /** What the binding is for. */
    service: string;
    origin: BindingOrigin;
    /** Why the local Functions host puts a function with it in error. Undefined when the binding works. */
    refused?: string;
}

const general = [{ id: generalBundle }];
const preview = [{ id: previewBundle }];
const both = [...general, ...preview];

const noService = "No such service is emulated.";

/**
 * Every binding of the host and of version 4 of the extension bundles. Sources: extensions.json in the tags of
 * Azure/azure-functions-extension-bundles, and ScriptHostBuilderExtensions.cs of azure-functions-host, read on 2026-11-26.
 */
export const bindingTable: readonly BindingEntry[] = [
    { types: ["httpTrigger", "http"], service: "HTTP", origin: "host" },
    {
        types: ["timerTrigger"],
        service: "Timer",
        origin: "host",
    },
    {
        types: ["warmupTrigger"],
        service: "Warmup",
        origin: "host",
    },
    {
        types: ["manualTrigger"],
        service: "Manual",
        origin: "host",
    },
    {
        types: ["socketIOTrigger", "socketIONegotiation", "socketIO"],
        service: "Web PubSub for Socket.IO",
        origin: [{ id: previewBundle, since: "4.27.0" }, { id: experimentalBundle }],
    },
    {
        types: ["webPubSubTrigger", "webPubSubConnection", "webPubSub", "webPubSubContext", "webPubSubRequest"],
        service: "Web PubSub",
        origin: [{ id: generalBundle, since: "3.5.0" }],
    },
    {
        types: ["signalRTrigger", "signalRConnectionInfo", "signalR"],
        service: "SignalR Service",
        origin: [...both, { id: experimentalBundle }],
    },
    {
        types: ["signalRNegotiation", "signalREndpoints"],
        service: "SignalR Service",
        origin: [...both, { id: experimentalBundle }],
    },
    {
        types: ["securityTokenValidation"],
        service: "SignalR Service",
        origin: [...both, { id: experimentalBundle }],
        // Source: SecurityTokenValidationInputBinding.cs of azure-functions-signalrservice-extension.
        refused:
            "Its validator is C# code in the host's own process, which an app in another language cannot have. Read the token in the function.",
    },
    {
        types: ["blobTrigger", "blob"],
        service: "Blob Storage",
        origin: both,
        refused: "No data of storage accounts is bound.",
    },
    {
        types: ["queueTrigger", "queue"],
        service: "Queue Storage",
        origin: both,
        refused: "No data of storage accounts is bound.",
    },
    { types: ["table"], service: "Table Storage", origin: general, refused: "No data of storage accounts is bound." },
    { types: ["cosmosDBTrigger", "cosmosDB"], service: "Cosmos DB", origin: both, refused: noService },
    {
        types: ["cosmosDBMongoTrigger", "cosmosDBMongo"],
        service: "Cosmos DB for MongoDB",
        origin: preview,
        refused: noService,
    },
    { types: ["eventHubTrigger", "eventHub"], service: "Event Hubs", origin: both, refused: noService },
    { types: ["eventGridTrigger", "eventGrid"], service: "Event Grid", origin: both, refused: noService },
    { types: ["serviceBusTrigger", "serviceBus"], service: "Service Bus", origin: both, refused: noService },
    { types: ["kafkaTrigger", "kafka"], service: "Kafka", origin: both, refused: noService },
    { types: ["rabbitMQTrigger", "rabbitMQ"], service: "RabbitMQ", origin: both, refused: noService },
    {
        types: ["redisPubSubTrigger", "redisListTrigger", "redisStreamTrigger", "redis"],
        service: "Redis",
        origin: both,
        refused: noService,
    },
    { types: ["sqlTrigger", "sql"], service: "Azure SQL", origin: both, refused: noService },
    { types: ["mySqlTrigger", "mySql"], service: "Azure Database for MySQL", origin: both, refused: noService },
    { types: ["kusto"], service: "Azure Data Explorer", origin: preview, refused: noService },
    {
        types: ["orchestrationTrigger", "activityTrigger", "entityTrigger", "durableClient", "orchestrationClient"],
        service: "Durable Functions",
        origin: both,
        refused: "No task hub is emulated.",
    },
    {
        types: [
            "daprServiceInvocationTrigger",
            "daprTopicTrigger",
            "daprBindingTrigger",
            "daprState",
            "daprInvoke",
            "daprPublish",
            "daprSecret",
            "daprBinding",
        ],
        service: "Dapr",
        origin: both,
        refused: noService,
    },
    { types: ["sendGrid"], service: "SendGrid", origin: both, refused: noService },
    { types: ["twilioSms"], service: "Twilio", origin: both, refused: noService },
    {
        types: ["mcpToolTrigger", "mcpToolProperty", "mcpResourceTrigger", "mcpPromptTrigger"],
        service: "Model Context Protocol",
        origin: both,
        refused: "No MCP endpoint is emulated.",
    },
    {
        types: [
            "assistantSkillTrigger",
            "assistantCreate",
            "assistantQuery",
            "assistantPost",
            "textCompletion",
            "embeddings",
            "embeddingsStore",
            "semanticSearch",
        ],
        service: "Azure OpenAI",
        origin: preview,
        refused: noService,
    },
    {
        types: ["fabricItem", "udfProperty", "userDataFunctionContext"],
        service: "Microsoft Fabric",
        origin: both,
        refused: noService,
    },
    {
        types: ["authenticationEventsTrigger"],
        service: "Microsoft Entra authentication events",
        origin: preview,
        refused: noService,
    },
    { types: ["connectorTrigger"], service: "Connectors", origin: preview, refused: noService },
];

const byType: ReadonlyMap<string, BindingEntry> = new Map(
    bindingTable.flatMap((entry) => entry.types.map((type) => [type.toLowerCase(), entry] as const)),
);

/** What is known of a binding's type. Undefined for a type that neither the host nor a bundle has. */
export function bindingOf(type: string): BindingEntry | undefined {
    return byType.get(type.toLowerCase());
}
