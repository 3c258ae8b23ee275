import { at, isObject, textAt } from "../../words";
import { CheckError } from "../check";
import type { Client } from "./client";
import { converse } from "./webSocket";

// Terminator of every message in SignalR's JSON protocol.
const end = "\u001e";
const completion = 3;
const close = 7;

/** A client with SignalR's JSON protocol over WebSocket: handshake, invocation, completion. */
export const runSignalRClient: Client = ({ negotiated, event, milliseconds }) => {
    const url = new URL(negotiated.url);
    url.protocol = url.protocol === "http:" ? "ws:" : "wss:";
    url.searchParams.set("access_token", negotiated.token);
    return converse({
        url: url.href,
        milliseconds,
        async talk({ send, next }) {
            send(`${JSON.stringify({ protocol: "json", version: 1 })}${end}`);
            const handshake = await next("The service does not answer the handshake", (text) => split(text)[0]);
            if ((at(handshake, "error") ?? "") !== "") {
                const reason = textAt(handshake, "error") ?? "its answer to the handshake has an error that is no text";
                throw new CheckError(`The service refuses the client: ${reason}.`);
            }
            if (at(handshake, "type") !== undefined) {
                throw new CheckError("The service sends a message before it answers the handshake.");
            }
            if (event === undefined) {
                return "A client connects";
            }
            const invocation = { type: 1, invocationId: "1", target: event.name, arguments: event.data };
            send(`${JSON.stringify(invocation)}${end}`);
            const answer = await next(`"${event.name}" is not answered`, (text) =>
                split(text).find(
                    (message) =>
                        message.type === close || (message.type === completion && message.invocationId === "1"),
                ),
            );
            if (answer.type === close || at(answer, "error") !== undefined) {
                throw new CheckError(
                    `The app refuses "${event.name}": ${textAt(answer, "error") ?? "no reason given"}.`,
                );
            }
            return `A client connects, "${event.name}" is answered`;
        },
    });
};

function split(text: string): Record<string, unknown>[] {
    return text
        .split(end)
        .filter((part) => part !== "")
        .map((part): unknown => JSON.parse(part))
        .filter(isObject);
}
