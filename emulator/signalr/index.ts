import { openRealtimeService } from "../core/service/service";
import type { CoreServices } from "../core/services";
import { createClients } from "./clients";
import { createSignalRDataPlane } from "./dataPlane";
import { messages } from "./errors";
import { createHub, type Hub } from "./hub";
import type { SignalRService, SignalRServiceOptions } from "./types";

export type { SignalRService, SignalRServiceOptions, UpstreamTemplate } from "./types";

/** Opens an emulated SignalR Service on a port of this machine. Events go upstream by the service's own templates. */
export function openSignalRService(options: SignalRServiceOptions, core: CoreServices): Promise<SignalRService> {
    return openRealtimeService<Hub>({ options, core }, (frame) => ({
        ...createClients(frame),
        createHub: (name) =>
            createHub({
                name,
                source: options.name,
                clock: core.clock,
                log: core.log,
                settings: frame.settings,
                keys: () => frame.keys().access,
                // Source: the vendor's emulator, which calls at once and once.
                createUpstream: () => frame.createUpstream(name, { handshake: false, retry: false }),
                full: frame.full,
            }),
        dataPlane: createSignalRDataPlane(frame),
        unknownPath: messages.unknownPath,
    }));
}
