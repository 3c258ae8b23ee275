import type { ChildProcess } from "node:child_process";
import { guarded, type OnFailure } from "../core/guard";

/** The listeners of Node's channel, of which its types say nothing. */
interface ChannelHandle {
    onread?: (...args: unknown[]) => void;
}

/**
 * Keeps an error in Node's own code for the channel of a child from ending this process. Node throws for bytes that are no message, and for
 * messages of its own protocol that it does not await; the child's code can write both. Source: `setupChannel` in
 * lib/internal/child_process.js of nodejs/node.
 */
export function guardChannel(child: ChildProcess, onFailure: OnFailure): void {
    const own = child.listeners("internalMessage") as ((...args: unknown[]) => void)[];
    child.removeAllListeners("internalMessage");
    for (const listener of own) {
        child.on("internalMessage", guarded(onFailure, listener.bind(child)));
    }
    const key = Object.getOwnPropertySymbols(child).find(({ description }) => description === "kChannelHandle");
    const handle = key && (child as unknown as Record<symbol, ChannelHandle | null>)[key];
    if (handle?.onread !== undefined) {
        handle.onread = guarded(onFailure, handle.onread.bind(handle));
    }
}
