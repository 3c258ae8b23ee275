import { oneOf, type Rule, show, wholeNumber } from "../shared/checks";

/** What happens to clients without a token. */
export const AnonymousConnectPolicy = { Allow: "allow", Deny: "deny" } as const;
export type AnonymousConnectPolicy = (typeof AnonymousConnectPolicy)[keyof typeof AnonymousConnectPolicy];

/** Events about a connection that the service can send to a handler. */
export const SystemEvent = { Connect: "connect", Connected: "connected", Disconnected: "disconnected" } as const;
export type SystemEvent = (typeof SystemEvent)[keyof typeof SystemEvent];

/** How the service proves itself to a handler. */
export const EventHandlerAuthType = { None: "None", ManagedIdentity: "ManagedIdentity" } as const;
export type EventHandlerAuthType = (typeof EventHandlerAuthType)[keyof typeof EventHandlerAuthType];

export const keepAliveRule = wholeNumber({ min: 1, max: 120, unit: "seconds" });

export const systemEventRule = oneOf(SystemEvent);

/** Events that a listener can be told of: `connect` asks for an answer, which a listener cannot give. */
export const ListenedEvent = { Connected: "connected", Disconnected: "disconnected" } as const;
export type ListenedEvent = (typeof ListenedEvent)[keyof typeof ListenedEvent];

/** A rule for names of one sort of thing, separated by commas. */
export function patternRule(things: "event" | "hub"): Rule<string> {
    return (value) =>
        typeof value === "string" && value.split(",").every((part) => part.trim() !== "")
            ? undefined
            : `${show(value)} is not a pattern. Allowed: * for every ${things}, or ${things} names separated by commas.`;
}

export const userEventPatternRule = patternRule("event");

/** Later hubs whose name an earlier one has; hub names ignore case. */
export function repeatedHubs(names: readonly string[]): { index: number; name: string; first: string }[] {
    return names.flatMap((name, index) => {
        const first = names.slice(0, index).find((earlier) => earlier.toLowerCase() === name.toLowerCase());
        return first === undefined ? [] : [{ index, name, first }];
    });
}
