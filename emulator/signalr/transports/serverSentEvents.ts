import type { ServerResponse } from "node:http";
import type { Transport } from "../connection";
import { maxQueuedBytes } from "./webSocket";

/** Streams to a client in an answer that does not end; the client speaks in requests of its own. */
export function openEventStream(response: ServerResponse): Transport {
    response.writeHead(200, {
        "Content-Type": "text/event-stream",
        "Cache-Control": "no-cache, no-store",
        Pragma: "no-cache",
    });
    // A client that is gone is noticed by the close of its answer.
    response.on("error", () => undefined);
    // A comment, so that the client sees at once that it is connected.
    response.write(":\r\n\r\n");
    return {
        binary: false,
        send(packet) {
            if (response.writableLength > maxQueuedBytes) {
                return false;
            }
            response.write(packet.event());
            return true;
        },
        end: () => void response.end(),
    };
}
