import { at, isObject, textAt } from "../../words";
import { CheckError } from "../check";
import type { Client } from "./client";
import { converse } from "./webSocket";

const ackId = 1;

/** A client with the JSON subprotocol: connects, sends the event, waits for its ack, disconnects. */
export const runWebPubSubClient: Client = ({ negotiated, event, milliseconds }) => {
    const url = new URL(negotiated.url);
    url.searchParams.set("access_token", negotiated.token);
    return converse({
        url: url.href,
        protocols: ["json.webpubsub.azure.v1"],
        milliseconds,
        async talk({ send, next }) {
            await next("The service does not accept the client", (text) => {
                const message: unknown = JSON.parse(text);
                if (at(message, "event") === "disconnected") {
                    throw new CheckError(
                        `The service disconnects the client: ${textAt(message, "message") ?? "no reason given"}.`,
                    );
                }
                return at(message, "event") === "connected" || undefined;
            });
            if (event === undefined) {
                return "A client connects";
            }
            // The subprotocol has no event without data, and takes null for none.
            const content =
                event.data.length === 0 ? { dataType: "text", data: "" } : { dataType: "json", data: event.data[0] };
            send(JSON.stringify({ type: "event", event: event.name, ...content, ackId }));
            const ack = await next(`"${event.name}" is not acknowledged`, (text) => {
                const message: unknown = JSON.parse(text);
                return isObject(message) && message.type === "ack" && message.ackId === ackId ? message : undefined;
            });
            // A failed ack means that the app's function failed, or that the app has none for the event.
            if (ack.success !== true) {
                throw new CheckError(
                    `The app refuses "${event.name}": ${textAt(ack, "error", "message") ?? textAt(ack, "error", "name") ?? "no reason given"}.`,
                );
            }
            return `A client connects, "${event.name}" is acknowledged`;
        },
    });
};
