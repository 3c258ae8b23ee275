import { oneOf, type Rule, show, wholeNumber } from "./checks";

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

export const userEventPatternRule: Rule<string> = (value) =>
    typeof value === "string" && value.split(",").every((part) => part.trim() !== "")
        ? undefined
        : `${show(value)} is not a pattern. Allowed: * for every event, or event names separated by commas.`;

/** Later hubs whose name an earlier one has; hub names ignore case. */
export function repeatedHubs(names: readonly string[]): { index: number; name: string; first: string }[] {
    return names.flatMap((name, index) => {
        const first = names.slice(0, index).find((earlier) => earlier.toLowerCase() === name.toLowerCase());
        return first === undefined ? [] : [{ index, name, first }];
    });
}
