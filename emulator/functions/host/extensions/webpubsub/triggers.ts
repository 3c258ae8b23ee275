import { choiceOf } from "../../../../../rules/bindings";
import type { HostFunction } from "../extension";
import type { EventContext } from "./events";

/** The event of a trigger. */
export interface TriggerKey {
    hub: string;
    eventType: "system" | "user";
    eventName: string;
    protocol: "all" | "webPubSub" | "mqtt";
}

type ClosedChoice = readonly string[];

const eventTypes = ["system", "user"] as const;
const protocols = ["all", "webPubSub", "mqtt"] as const;

/** Reads a trigger. Throws when it has no hub or no event, or an unknown option. */
export function readTrigger(options: {
    fn: HostFunction;
    /** Hub of bindings without one. */
    defaultHub: string | undefined;
    resolve: (text: string) => string;
}): TriggerKey {
    const { fn, defaultHub, resolve } = options;
    const text = (name: string): string | undefined => {
        const value = entry(fn, name);
        return (typeof value === "string" || typeof value === "number") && value !== ""
            ? resolve(String(value))
            : undefined;
    };
    const hub = text("hub") ?? defaultHub;
    if (hub === undefined || hub === "") {
        throw new Error(`Function '${fn.name}': Hub name should be configured in either attribute or appsettings.`);
    }
    const eventName = text("eventName");
    if (eventName === undefined) {
        throw new Error(`Function '${fn.name}': eventName of its webPubSubTrigger is not set.`);
    }
    return {
        hub,
        eventName,
        eventType: choose({ fn, name: "eventType", value: text("eventType") ?? "system", choices: eventTypes }),
        protocol: choose({ fn, name: "clientProtocols", value: text("clientProtocols") ?? "all", choices: protocols }),
    };
}

/** Settings whose services the trigger accepts events from. Empty for the default service. */
export function connectionsOf(binding: Record<string, unknown>): string[] {
    const { connections, connection } = binding;
    const list = Array.isArray(connections) ? connections : [connections ?? connection];
    return list.filter((name): name is string => typeof name === "string" && name !== "");
}

/** Key under which an event finds its function. Ignores case. */
export function keyText({ hub, eventType, eventName, protocol }: TriggerKey): string {
    return [hub, eventType, eventName, protocol].join(".").toLowerCase();
}

/** Keys of the triggers that take an event of a Web PubSub client, in the order of search. */
export function keysOf({ hub, eventType, eventName }: EventContext): string[] {
    const type = eventType === "System" ? "system" : "user";
    return (["webPubSub", "all"] as const).map((protocol) => keyText({ hub, eventType: type, eventName, protocol }));
}

function choose<Choices extends ClosedChoice>(options: {
    fn: HostFunction;
    name: string;
    value: string;
    choices: Choices;
}): Choices[number] {
    const { fn, name, value, choices } = options;
    const found = choiceOf(value, choices);
    if (found === undefined) {
        throw new Error(`Function '${fn.name}': ${name} is '${value}'. It must be ${choices.join(", ")}.`);
    }
    return found;
}

function entry(fn: HostFunction, name: string): unknown {
    const key = Object.keys(fn.trigger).find((candidate) => candidate.toLowerCase() === name.toLowerCase());
    return key === undefined ? undefined : fn.trigger[key];
}
