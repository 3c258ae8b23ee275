import { type Caller, isSignatureValid, splitList } from "../service/validation";
import type { EventContext } from "./events";

/** Whether one of the services is among the origins. Without services every origin is allowed. */
export function allowsOrigin({
    callers,
    origins,
}: {
    callers: readonly Caller[];
    origins: readonly string[];
}): boolean {
    const hosts = callers.map(({ host }) => host.toLowerCase());
    return hosts.length === 0 || origins.some((origin) => hosts.includes(origin.toLowerCase()));
}

/** Whether an event comes from one of the services. Without services every event is accepted. */
export function allowsEvent({ callers, context }: { callers: readonly Caller[]; context: EventContext }): boolean {
    const { signature, connectionId } = context;
    const origins = splitList(context.origin);
    return (
        callers.length === 0 || callers.some((caller) => isSignatureValid({ origins, signature, connectionId, caller }))
    );
}
