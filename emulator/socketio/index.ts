import { openRealtimeService } from "../core/service/service";
import type { RealtimeService, RealtimeServiceOptions } from "../core/service/types";
import type { CoreServices } from "../core/services";
import { createClients } from "./clients";
import { messages } from "./errors";
import { createHub, type Hub } from "./hub";
import { createSocketIODataPlane } from "./rest";

export type {
    AccessKeys,
    HubProperties,
    RealtimeService,
    RealtimeServiceOptions,
    ServiceKeys,
} from "../core/service/types";
export type { EventHandler } from "../core/upstream/eventHandlers";

/** Opens an emulated Web PubSub for Socket.IO in serverless mode on a port of this machine. It has no hub yet. */
export function openSocketIOService(options: RealtimeServiceOptions, core: CoreServices): Promise<RealtimeService> {
    return openRealtimeService<Hub>({ options, core }, (frame) => ({
        ...createClients(frame),
        createHub: (name, properties) =>
            createHub(
                {
                    name,
                    source: options.name,
                    clock: frame.core.clock,
                    log: frame.core.log,
                    keys: () => frame.keys().access,
                    createUpstream: () => frame.createUpstream(name),
                    isFull: () => frame.full() !== undefined,
                },
                properties,
            ),
        dataPlane: createSocketIODataPlane(frame),
        unknownPath: messages.unknownPath,
    }));
}
