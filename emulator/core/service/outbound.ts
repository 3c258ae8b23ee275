import type { ServerResponse } from "node:http";

/**
 * How many bytes may wait for a client that does not read, before it is cut off. Azure's own value is not published. Nothing that is sent to a
 * client goes past this limit, and its answers to pings and its acknowledgements count too.
 */
export const maxQueuedBytes = 16 * 1024 * 1024;

/** Reason in the log and in events. Source: the vendor's own emulator. */
export const queueFull = "The outbound message queue is full.";

/** Answers to a client's polls that it has not read yet. A client may poll again and again without reading. */
export interface UnreadAnswers {
    add(response: ServerResponse): void;
    /** Bytes that wait for the client. */
    bytes(): number;
    /** Ends them, because the client is given up. */
    cut(): void;
}

export function createUnreadAnswers(): UnreadAnswers {
    const unread = new Set<ServerResponse>();
    return {
        add(response) {
            unread.add(response);
            response.once("close", () => unread.delete(response));
        },
        bytes() {
            let sum = 0;
            for (const { writableLength } of unread) {
                sum += writableLength;
            }
            return sum;
        },
        cut() {
            for (const response of unread) {
                response.destroy();
            }
        },
    };
}
