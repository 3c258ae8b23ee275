import type { SignalRService, SignalRServiceOptions } from "../../emulator/signalr";
import type { Handler } from "../engine/handler";
import { type Properties, unknownValue } from "../engine/values";
import { armHandler } from "./armHandler";
import { list, object } from "./inputs";
import { listKeys, makeService, type RealtimeKind, removeService } from "./realtime";
import { tierFaults } from "./serviceTiers";

const serviceType = "Microsoft.SignalRService/signalR";

function modeOf(inputs: Properties): string {
    const flags = list(inputs.features).map(object);
    const mode = flags.find(({ flag }) => String(flag).toLowerCase() === "servicemode")?.value;
    return typeof mode === "string" ? mode : "Default";
}

const kind: RealtimeKind<SignalRService, SignalRServiceOptions> = {
    registry: (world) => world.signalRServices,
    open: ({ emulator }, _inputs, options) => emulator.openSignalRService(options),
    // The emulator accepts these in the form of the resource's inputs.
    options: ({ upstream, cors, serverless, ...inputs }) => ({
        serviceMode: modeOf(inputs),
        upstream: object(upstream),
        cors: object(cors),
        serverless: object(serverless),
    }),
};

function modeFaults(inputs: Properties): string[] {
    if (inputs.features === unknownValue) {
        return [];
    }
    const mode = modeOf(inputs);
    return /^(serverless|classic)$/i.test(mode)
        ? []
        : [
              `features has ServiceMode "${mode}": it must be "Serverless" or "Classic", because the local Azure has no app servers`,
          ];
}

export const signalR: Handler = armHandler({
    token: "azure-native:signalrservice:SignalR",
    armType: serviceType,
    names: ["resourceName"],
    regional: true,
    faults: (inputs) => [...modeFaults(inputs), ...tierFaults(object(inputs.sku))],
    make: (context) => makeService(kind, context),
    remove: removeService(kind),
});

export const listSignalRKeys = listKeys(kind, {
    token: "azure-native:signalrservice:listSignalRKeys",
    armType: serviceType,
});
