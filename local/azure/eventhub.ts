import type { Handler } from "../engine/handler";
import { armHandler } from "./armHandler";

// No events arrive here. These handlers check a program that sends events to an event hub as strictly as Azure does.
export const eventHubHandlers: Handler[] = [
    armHandler({
        token: "azure-native:eventhub:Namespace",
        armType: "Microsoft.EventHub/namespaces",
        names: ["namespaceName"],
        regional: true,
        // Nothing listens on this loopback port, so no event leaves the machine.
        make: async () => ({ outputs: { serviceBusEndpoint: "https://localhost:9/", provisioningState: "Succeeded" } }),
    }),
    armHandler({
        token: "azure-native:eventhub:EventHub",
        armType: "Microsoft.EventHub/namespaces/eventhubs",
        names: ["namespaceName", "eventHubName"],
    }),
];
