import { WebPubSubClient, WebPubSubJsonReliableProtocol } from "@azure/web-pubsub-client";
import { Attempts, type SessionOptions } from "../../shared/page/attempts";
import { negotiate } from "../../shared/page/negotiate";
import { watchSockets } from "./watchSockets";

interface WebPubSubSession extends SessionOptions {
    onConnected(own: { connectionId: string; userId: string }): void;
}

/** Stays connected until the service refuses. The client itself recovers a connection lost for less than half a minute. */
export function openSession({ name, onConnected, onState }: WebPubSubSession): WebPubSubClient {
    let live = false;
    let closeReason: string | undefined;
    let access: { url: string } | undefined;

    const client = new WebPubSubClient(
        {
            // The client asks for each new connection, because a token expires after an hour.
            getClientAccessUrl: async () => {
                access = undefined;
                access = await negotiate<{ url: string }>(name);
                return access.url;
            },
        },
        {
            protocol: WebPubSubJsonReliableProtocol(),
            autoReconnect: false,
            // The page shows a failed message as not delivered: sending it again could deliver it twice.
            messageRetryOptions: { maxRetries: 0 },
        },
    );
    const attempts = new Attempts(onState, () => {
        client.start().catch((error: Error) => {
            // A browser does not say why a socket failed to open. Before the first connection, a refusal is the likely cause.
            if (access !== undefined && !live) {
                end("Not admitted, or the service cannot be reached");
            } else {
                attempts.retry(access === undefined ? error.message : "No connection");
            }
        });
    });
    const end = (why: string) => {
        // The sockets of the next session must not change this one's state.
        live = false;
        attempts.end(why);
    };

    const leave = watchSockets({
        onClose: () => live && onState("connecting", "Connection lost, recovering it"),
        onFirstMessage: () => live && onState("online", "Online"),
    });
    client.on("connected", ({ connectionId, userId }) => {
        live = true;
        attempts.succeeded();
        onConnected({ connectionId, userId });
    });
    client.on("disconnected", ({ message }) => {
        closeReason = message?.message;
    });
    client.on("stopped", () => {
        closeReason === undefined ? attempts.retry("Connection lost") : end(closeReason);
    });
    // A browser that leaves a page closes its socket with a code after which the service waits 30 s for the client to come back.
    addEventListener("pagehide", leave);
    attempts.start();
    return client;
}
