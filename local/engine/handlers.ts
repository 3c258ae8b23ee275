import type { Handler } from "./handler";
import { isProvider } from "./providers";
import { actionOf, recordUnknown, withoutVersion } from "./unknownType";

/** The handler of each resource type, with or without an API version in it. */
export interface Handlers {
    /** Undefined for a type that is refused. */
    get(type: string): Handler | undefined;
    /** Why `get` has no handler for a type. */
    refusal(type: string): string;
}

/** `strict` refuses every type that the local Azure does not emulate. Otherwise it records a type that it does not know. */
export function createHandlers(known: Handler[], { strict = false }: { strict?: boolean } = {}): Handlers {
    const byToken = new Map(known.map((handler) => [handler.token, handler]));
    const recorded = new Map<string, Handler>();
    return {
        get(type) {
            const handler = byToken.get(type) ?? byToken.get(withoutVersion(type));
            if (handler !== undefined || strict || actionOf(type) !== undefined) {
                return strict && handler?.recorded ? undefined : handler;
            }
            const made = recorded.get(type) ?? recordUnknown(type);
            recorded.set(type, made);
            return made;
        },
        refusal(type) {
            const action = actionOf(type);
            if (action !== undefined) {
                return (
                    `resource type ${type} ${action}, which the local Azure does not do. ` +
                    "Give its outputs under resources in azure-realtime.local.yaml, by type and name."
                );
            }
            const names = [...byToken.values()].filter((handler) => !handler.recorded).map(({ token }) => token);
            return (
                `resource type ${type} is not supported by the local Azure. Supported are: ${names.join(", ")}. ` +
                "Without --strict the resource is recorded."
            );
        },
    };
}

/** Types of the resources that the local Azure only records. */
export const recordedTypes = (resources: readonly { type: string; custom: boolean }[], handlers: Handlers): string[] =>
    resources
        .filter(({ custom, type }) => custom && !isProvider(type) && handlers.get(type)?.recorded)
        .map(({ type }) => type);
