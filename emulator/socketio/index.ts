import { openRealtimeService } from "../core/service/service";
import type { RealtimeService, RealtimeServiceOptions } from "../core/service/types";
import type { CoreServices } from "../core/services";
import { createClients } from "./clients";
import type { Connection } from "./connection";
import { messages } from "./errors";
import { Hub } from "./hub";
import { probe } from "./inspect";
import { createSocketIODataPlane } from "./rest";

export type {
    AccessKeys,
    HubProperties,
    RealtimeService,
    RealtimeServiceOptions,
    ServiceKeys,
} from "../core/service/types";
export type { EventHandler } from "../core/upstream/eventHandlers";

/** Opens an emulated Web PubSub for Socket.IO in serverless mode. It has no hub yet. */
export function openSocketIOService(options: RealtimeServiceOptions, core: CoreServices): Promise<RealtimeService> {
    return openRealtimeService<Hub, Connection>({ options, core, product: "socketio" }, (frame) => ({
        clients: createClients(frame),
        createHub: (name, properties) => new Hub(frame.hubOptions(name), properties),
        probe,
        dataPlane: createSocketIODataPlane(frame),
        unknownPath: messages.unknownPath,
    }));
}
