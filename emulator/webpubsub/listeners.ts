import type { EventListener } from "../core/service/types";
import { type EventMatch, prepareHandler } from "../core/upstream/eventHandlers";
import { messages } from "./errors";

/** Called with every event. Logs once for each listener that it does not get its events. */
export type ListenerNotice = (event: EventMatch) => void;

export function createListenerNotice(options: {
    listeners: readonly EventListener[];
    warn(message: string): void;
}): ListenerNotice {
    const silent = options.listeners.map((listener) => ({
        name: nameOf(listener),
        filter: prepareHandler({ urlTemplate: "", ...listener.filter }),
    }));
    return (event) => {
        for (const listener of [...silent]) {
            // Listeners get no connect event, because they cannot answer it.
            if (event.event !== "connect" && listener.filter.matches(event)) {
                silent.splice(silent.indexOf(listener), 1);
                options.warn(messages.noEventHub(listener.name));
            }
        }
    };
}

function nameOf({ endpoint }: EventListener): string {
    return `Event Hub '${endpoint?.eventHubName ?? ""}' of '${endpoint?.fullyQualifiedNamespace ?? ""}'`;
}
