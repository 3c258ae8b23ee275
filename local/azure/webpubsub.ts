import type { HubProperties, RealtimeService, RealtimeServiceOptions } from "../../emulator/core/service/types";
import { CheckError, type Handler } from "../engine/handler";
import type { Properties } from "../engine/values";
import { armHandler } from "./armHandler";
import { list, object, optionalText, text } from "./inputs";
import { listKeys, makeService, type RealtimeKind, removeService, serviceId } from "./realtime";
import { tierFaults } from "./serviceTiers";

const serviceType = "Microsoft.SignalRService/webPubSub";

const isSocketIO = (inputs: Properties) => optionalText(inputs, "kind")?.toLowerCase() === "socketio";

const kind: RealtimeKind<RealtimeService, RealtimeServiceOptions> = {
    registry: (world) => world.services,
    open: ({ emulator }, inputs, options) =>
        isSocketIO(inputs) ? emulator.openSocketIOService(options) : emulator.openWebPubSubService(options),
    options: () => ({}),
};

function modeFaults(inputs: Properties): string[] {
    const mode = optionalText(object(inputs.socketIO), "serviceMode") ?? "Default";
    return !isSocketIO(inputs) || mode === "Serverless"
        ? []
        : [`socketIO.serviceMode is "${mode}": it must be "Serverless", the only mode that the local Azure supports`];
}

export const webPubSub: Handler = armHandler({
    token: "azure-native:webpubsub:WebPubSub",
    armType: serviceType,
    names: ["resourceName"],
    regional: true,
    replaceOn: ["kind"],
    faults: (inputs) => [...modeFaults(inputs), ...tierFaults(object(inputs.sku))],
    make: (context) => makeService(kind, context),
    remove: removeService(kind),
});

export const webPubSubHub: Handler = armHandler({
    token: "azure-native:webpubsub:WebPubSubHub",
    armType: `${serviceType}/hubs`,
    names: ["resourceName", "hubName"],
    async make({ world, name, inputs }) {
        const id = serviceId({ world, armType: serviceType, inputs });
        const properties = object(inputs.properties);
        const service = world.services.get(id);
        if (list(properties.eventListeners).length > 0 && isSocketIO(world.resources.get(id))) {
            throw new CheckError([
                "properties.eventListeners must be empty: Web PubSub for Socket.IO has no event listeners in the local Azure",
            ]);
        }
        service.setHub(name, properties as HubProperties);
        return {};
    },
    async remove({ world, inputs }) {
        world.services.find(serviceId({ world, armType: serviceType, inputs }))?.removeHub(text(inputs, "hubName"));
    },
});

export const listWebPubSubKeys = listKeys(kind, {
    token: "azure-native:webpubsub:listWebPubSubKeys",
    armType: serviceType,
});
