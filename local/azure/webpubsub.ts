import type { HubProperties } from "../../emulator/socketio";
import type { Handler, ProviderFunction } from "../engine/handler";
import type { Properties } from "../engine/values";
import { armHandler } from "./armHandler";
import { closeIdentity, openIdentities } from "./identities";
import { buildId } from "./ids";
import { object, optionalText, text } from "./inputs";
import { portOf } from "./ports";
import { tierFaults } from "./serviceTiers";
import type { World } from "./world";

const SERVICE = "Microsoft.SignalRService/webPubSub";

function serviceId(world: World, inputs: Properties): string {
    const resourceGroup = text(inputs, "resourceGroupName");
    return buildId({ ...world, resourceGroup, type: SERVICE, names: [text(inputs, "resourceName")] });
}

function kindFaults(inputs: Properties): string[] {
    const kind = optionalText(inputs, "kind") ?? "WebPubSub";
    if (kind !== "SocketIO") return [`kind is "${kind}": the local Azure emulates "SocketIO"`];
    const mode = optionalText(object(inputs.socketIO), "serviceMode") ?? "Default";
    return mode === "Serverless" ? [] : [`socketIO.serviceMode is "${mode}": the local Azure emulates "Serverless"`];
}

export const webPubSub: Handler = armHandler({
    token: "azure-native:webpubsub:WebPubSub",
    armType: SERVICE,
    names: ["resourceName"],
    regional: true,
    replaceOn: ["kind"],
    faults: (inputs) => [...kindFaults(inputs), ...tierFaults(object(inputs.sku))],
    async make({ world, id, name, inputs, before }) {
        const identities = openIdentities({ world, id, inputs, ...(before && { keep: before.keep }) });
        const sku = object(inputs.sku);
        const kept = object(before?.keep.accessKeys);
        const principalId = (identities.systemAssigned ?? identities.userAssigned[0])?.principalId;
        const options = {
            disableLocalAuth: inputs.disableLocalAuth === true,
            disableAadAuth: inputs.disableAadAuth === true,
            sku: optionalText(sku, "name") ?? "Free_F1",
            units: typeof sku.capacity === "number" ? sku.capacity : 1,
            ...(principalId !== undefined && { principalId }),
        };
        const open = world.services.find(id);
        open?.update(options);
        const service =
            open ??
            (await world.emulator.openSocketIOService({
                id,
                name,
                ...options,
                ...portOf(before),
                ...(kept.primaryKey !== undefined && {
                    accessKeys: { primaryKey: text(kept, "primaryKey"), secondaryKey: text(kept, "secondaryKey") },
                }),
            }));
        world.services.add(id, service);
        const { primaryKey, secondaryKey } = service.keys;
        return {
            outputs: {
                ...identities.outputs,
                hostName: service.hostName,
                hostNamePrefix: name,
                externalIP: "127.0.0.1",
                publicPort: service.port,
                serverPort: service.port,
                version: "1.0",
                provisioningState: "Succeeded",
            },
            keep: { ...identities.keep, port: service.port, accessKeys: { primaryKey, secondaryKey } },
        };
    },
    async remove({ world, id }) {
        await world.services.find(id)?.close();
        world.services.remove(id);
        closeIdentity({ world, id });
    },
});

export const webPubSubHub: Handler = armHandler({
    token: "azure-native:webpubsub:WebPubSubHub",
    armType: `${SERVICE}/hubs`,
    names: ["resourceName", "hubName"],
    async make({ world, name, inputs }) {
        world.services.get(serviceId(world, inputs)).setHub(name, object(inputs.properties) as HubProperties);
        return {};
    },
    faults({ properties }) {
        const listeners = object(properties).eventListeners;
        return Array.isArray(listeners) && listeners.length > 0
            ? ["properties.eventListeners must be empty: Event Hubs are not emulated"]
            : [];
    },
    async remove({ world, inputs }) {
        world.services.find(serviceId(world, inputs))?.removeHub(text(inputs, "hubName"));
    },
});

export const listWebPubSubKeys: ProviderFunction = {
    token: "azure-native:webpubsub:listWebPubSubKeys",
    run: async ({ world, args }) => ({ ...world.services.get(serviceId(world, args)).keys }),
};
