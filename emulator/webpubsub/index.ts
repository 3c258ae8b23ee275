import { openRealtimeService } from "../core/service/service";
import type { RealtimeService, RealtimeServiceOptions } from "../core/service/types";
import type { CoreServices } from "../core/services";
import { createClients } from "./clients";
import { messages } from "./errors";
import { createHub, type Hub } from "./hub";
import { createWebPubSubDataPlane } from "./rest";

/** Opens an emulated Web PubSub on a port of this machine. Any hub can be connected to; one with settings has event handlers. */
export function openWebPubSubService(options: RealtimeServiceOptions, core: CoreServices): Promise<RealtimeService> {
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
                    full: frame.full,
                },
                properties,
            ),
        dataPlane: createWebPubSubDataPlane(frame),
        unknownPath: (path) => (path.startsWith("/clients/mqtt/") ? messages.mqtt : messages.unknownPath(path)),
    }));
}
