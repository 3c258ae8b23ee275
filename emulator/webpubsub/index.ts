import { openRealtimeService } from "../core/service/service";
import type { RealtimeService, RealtimeServiceOptions } from "../core/service/types";
import type { CoreServices } from "../core/services";
import { createClients } from "./clients";
import type { Connection } from "./connection";
import { messages } from "./errors";
import { Hub } from "./hub";
import { probe } from "./inspect";
import { createWebPubSubDataPlane } from "./rest";

/** Opens an emulated Web PubSub. Clients can connect to any hub; only hubs with settings have event handlers. */
export function openWebPubSubService(options: RealtimeServiceOptions, core: CoreServices): Promise<RealtimeService> {
    return openRealtimeService<Hub, Connection>({ options, core, product: "webpubsub" }, (frame) => ({
        clients: createClients(frame),
        createHub: (name, properties) => new Hub(frame.hubOptions(name), properties),
        probe,
        dataPlane: createWebPubSubDataPlane(frame),
        unknownPath: (path) => (path.startsWith("/clients/mqtt/") ? messages.mqtt : messages.unknownPath(path)),
    }));
}
