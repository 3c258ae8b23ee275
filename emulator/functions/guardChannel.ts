import type { ChildProcess } from "node:child_process";
import { guarded, type OnFailure } from "../core/guard";

/** Most bytes of one message. The host's own are far smaller. */
const longestMessage = 16 * 1024 * 1024;

/** The listeners of Node's channel, of which its types say nothing. */
interface ChannelHandle {
    onread?: (...args: unknown[]) => void;
}

/**
 * Keeps an error in Node's own code for the channel of a child from ending this process. Node throws for bytes that are no message, and for
 * messages of its own protocol that it does not await; the child's code can write both. Node also believes the size that a message claims, up
 * to 4 GiB, and keeps all bytes until the message is whole: the guard counts the bytes since the last message and fails beyond 16 MiB.
 * Source: `setupChannel` in lib/internal/child_process.js, and lib/internal/child_process/serialization.js of nodejs/node.
 */
export function guardChannel(child: ChildProcess, onFailure: OnFailure): void {
    const own = child.listeners("internalMessage") as ((...args: unknown[]) => void)[];
    child.removeAllListeners("internalMessage");
    for (const listener of own) {
        child.on("internalMessage", guarded(onFailure, listener.bind(child)));
    }
    const key = Object.getOwnPropertySymbols(child).find(({ description }) => description === "kChannelHandle");
    const handle = key && (child as unknown as Record<symbol, ChannelHandle | null>)[key];
    if (handle?.onread === undefined) {
        return;
    }
    const read = handle.onread.bind(handle);
    let unread = 0;
    for (const event of ["message", "internalMessage"]) {
        child.on(event, () => {
            unread = 0;
        });
    }
    handle.onread = guarded(onFailure, (...args) => {
        // Without bytes, Node is told of the end of the channel.
        const bytes = args[0] instanceof ArrayBuffer ? args[0].byteLength : 0;
        unread += bytes;
        // Nothing of what comes after is kept either, because a process that the child started may go on writing.
        if (bytes > 0 && unread > longestMessage) {
            throw new Error(`a message of more than ${longestMessage / 1024 ** 2} MiB`);
        }
        read(...args);
    });
}

/** The app's code can send connections and servers, which nobody here would ever close. The host sends none. */
export function refuseHandle(handle: unknown): void {
    if (typeof handle === "object" && handle !== null) {
        const { destroy, close } = handle as { destroy?(): void; close?(): void };
        (destroy ?? close)?.call(handle);
        throw new Error("a connection or a server");
    }
}
