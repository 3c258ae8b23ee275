import type { ServerResponse } from "node:http";
import type { Transport } from "../connection";
import { maxQueuedBytes } from "./webSocket";

/** Sends to a client in a response that does not end. The client sends with requests of its own. */
export function openEventStream(response: ServerResponse): Transport {
    response.writeHead(200, {
        "Content-Type": "text/event-stream",
        "Cache-Control": "no-cache, no-store",
        Pragma: "no-cache",
    });
    // The response's "close" event tells that the client is gone, so its errors need no handling.
    response.on("error", () => undefined);
    // A comment confirms the connection at once.
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
