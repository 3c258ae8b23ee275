import type { ServerResponse } from "node:http";
import type { Clock } from "../../core/clock";
import { maxQueuedBytes } from "../../core/service/outbound";
import type { Transport } from "../connection";

/** Time for a client to read the rest after the end. A client that never reads would keep the rest in memory. */
const lingering = 15_000;

/** Sends to a client in a response that does not end. The client sends with requests of its own. */
export function openEventStream({ response, clock }: { response: ServerResponse; clock: Clock }): Transport {
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
        name: "server-sent events",
        binary: false,
        send(packet) {
            if (response.writableLength > maxQueuedBytes) {
                return false;
            }
            response.write(packet.event());
            return true;
        },
        end() {
            response.end();
            const cancel = clock.after(lingering, () => response.destroy());
            response.once("close", cancel);
        },
        cut: () => void response.destroy(),
    };
}
