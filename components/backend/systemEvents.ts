import { type EventTriggers, findEventTriggers, findSignalRHubs } from "../functionCode/triggers";
import { SystemEvent } from "../hub/args";
import { type Checks, isKnown, isLater, show } from "../shared/checks";
import type { BackendEventHandler, BackendHub } from "./args";

export { type EventTriggers, findEventTriggers, findSignalRHubs };

type Handlers = BackendHub["eventHandlers"];

/** What the code says about a hub. */
interface HubTriggers {
    system: SystemEvent[];
    /** Whether no function takes any event of the hub. */
    isEmpty: boolean;
}

function triggersOf(hub: string, triggers: EventTriggers): HubTriggers | undefined {
    const own = triggers?.filter(
        (trigger) => trigger.hub === undefined || trigger.hub.toLowerCase() === hub.toLowerCase(),
    );
    return (
        own && {
            system: Object.values(SystemEvent).filter((event) =>
                own.some((trigger) => trigger.isSystem && trigger.event === event),
            ),
            isEmpty: own.length === 0,
        }
    );
}

/**
 * Completes the handlers of a hub: the backend's own app gets the system events for which its code has triggers, where the code tells.
 * A `connect` event that no function takes is answered with 404, and the service then lets nobody in.
 */
export function completeHandlers(
    checks: Checks,
    hub: BackendHub,
    handlers: Handlers,
    triggers: EventTriggers,
): Handlers {
    const found = triggersOf(hub.name, triggers);
    if (found === undefined) {
        return handlers;
    }
    if (found.isEmpty && triggers !== undefined && triggers.length > 0) {
        const others = [...new Set(triggers.map((trigger) => trigger.hub))].join(", ");
        checks.advise(
            "name",
            hub.name,
            () =>
                `the triggers in codePath are for another hub (${others}), so no function gets the events of this one. Name the same hub.`,
        );
    }
    if (handlers === undefined) {
        return found.isEmpty ? [] : [{ systemEvents: found.system }];
    }
    if (isLater(handlers) || !Array.isArray(handlers)) {
        return handlers;
    }
    return handlers.map((handler, index) => {
        if (isLater(handler) || (handler as BackendEventHandler).urlTemplate !== undefined) {
            return handler;
        }
        const own = handler as BackendEventHandler;
        if (own.systemEvents === undefined) {
            return { ...own, systemEvents: found.system };
        }
        adviseOfConnect(checks.at(`eventHandlers[${index}].`), own.systemEvents, found);
        return own;
    });
}

function adviseOfConnect(checks: Checks, events: BackendEventHandler["systemEvents"], found: HubTriggers): void {
    if (events === undefined || !isKnown(events) || found.system.includes(SystemEvent.Connect)) {
        return;
    }
    if ((events as unknown[]).includes(SystemEvent.Connect)) {
        checks.advise(
            "systemEvents",
            show(SystemEvent.Connect),
            (event) =>
                `no function in codePath takes ${event}, so the app answers it with 404 and the service lets no client in. Remove it, or add a function for it.`,
        );
    }
}
