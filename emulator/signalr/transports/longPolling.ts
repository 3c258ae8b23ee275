import type { ServerResponse } from "node:http";
import type { Clock } from "../../core/clock";
import { createUnreadAnswers, maxQueuedBytes } from "../../core/service/outbound";
import type { Transport } from "../connection";

/** Sends to a client that polls: messages wait for its next request. Pings end each poll before a proxy would. */
export interface LongPolling extends Transport {
    poll(response: ServerResponse): void;
}

export interface LongPollingOptions {
    clock: Clock;
    /** Called when the last poll was answered, or no poll came in time. */
    onOver(): void;
}

/** Time for a client's last poll after the end. Without one it is forgotten. */
const lingering = 15_000;

/** Source: AddNoCacheHeaders of HttpConnectionDispatcher.cs of dotnet/aspnetcore. */
const notCached = {
    "Cache-Control": "no-cache, no-store",
    Pragma: "no-cache",
    Expires: "Thu, 01 Jan 1970 00:00:00 GMT",
};

export function createLongPolling({ clock, onOver }: LongPollingOptions): LongPolling {
    const unread = createUnreadAnswers();
    let waiting: ServerResponse | undefined;
    let queue: Buffer[] = [];
    let queued = 0;
    let polled = false;
    let ended = false;

    function answer(status: 200 | 204, body = Buffer.alloc(0)): void {
        const response = waiting;
        waiting = undefined;
        response?.writeHead(
            status,
            status === 204
                ? notCached
                : { ...notCached, "Content-Type": "application/octet-stream", "Content-Length": body.length },
        );
        response?.end(body);
    }

    function flush(): void {
        if (waiting === undefined) {
            return;
        }
        if (queue.length > 0) {
            const body = Buffer.concat(queue);
            queue = [];
            queued = 0;
            answer(200, body);
        } else if (ended) {
            answer(204);
            onOver();
        }
    }

    function end(): void {
        if (!ended) {
            ended = true;
            clock.after(lingering, onOver);
            flush();
        }
    }

    return {
        name: "long polling",
        binary: true,
        send(packet) {
            if (ended) {
                return true;
            }
            if (queued + unread.bytes() > maxQueuedBytes) {
                return false;
            }
            queue.push(packet.bytes);
            queued += packet.bytes.length;
            flush();
            return true;
        },
        end,
        cut() {
            queue = [];
            queued = 0;
            end();
            unread.cut();
        },
        poll(response) {
            // A client has one poll at a time, so a new poll ends the older one.
            answer(204);
            waiting = response;
            unread.add(response);
            response.once("close", () => {
                if (waiting === response) {
                    waiting = undefined;
                }
            });
            if (!polled) {
                polled = true;
                // The first poll is answered at once, to confirm the connection.
                answer(200);
            } else {
                flush();
            }
        },
    };
}
