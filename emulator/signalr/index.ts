import { openRealtimeService } from "../core/service/service";
import type { CoreServices } from "../core/services";
import { Clients } from "./clients";
import type { Connection } from "./connection";
import { createSignalRDataPlane } from "./dataPlane";
import { messages } from "./errors";
import { Hub } from "./hub";
import { createProbe } from "./inspect";
import type { SignalRService, SignalRServiceOptions } from "./types";

export type { SignalRService, SignalRServiceOptions, UpstreamTemplate } from "./types";

/** Opens an emulated SignalR Service. Its own settings say where events go upstream. */
export function openSignalRService(options: SignalRServiceOptions, core: CoreServices): Promise<SignalRService> {
    return openRealtimeService<Hub, Connection>({ options, core, product: "signalr" }, (frame) => ({
        clients: new Clients(frame),
        createHub: (name) =>
            // No handshake and no retry. Source: the vendor's emulator.
            new Hub({ ...frame.hubOptions(name, { handshake: false, retry: false }), settings: frame.settings }),
        probe: createProbe(frame.settings),
        dataPlane: createSignalRDataPlane(frame),
        unknownPath: messages.unknownPath,
    }));
}
