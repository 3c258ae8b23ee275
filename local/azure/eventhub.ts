import type { Handler } from "../engine/handler";
import { armHandler } from "./armHandler";

// No event arrives here: these exist so that a program that copies events to an event hub is checked as on Azure.
export const eventHubHandlers: Handler[] = [
    armHandler({
        token: "azure-native:eventhub:Namespace",
        armType: "Microsoft.EventHub/namespaces",
        names: ["namespaceName"],
        regional: true,
        // A loopback address that refuses connections.
        make: async () => ({ outputs: { serviceBusEndpoint: "https://localhost:9/", provisioningState: "Succeeded" } }),
    }),
    armHandler({
        token: "azure-native:eventhub:EventHub",
        armType: "Microsoft.EventHub/namespaces/eventhubs",
        names: ["namespaceName", "eventHubName"],
    }),
];
