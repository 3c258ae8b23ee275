import { WebPubSubClient, WebPubSubJsonReliableProtocol } from "@azure/web-pubsub-client";
import type { SessionState } from "../../shared/page/chat";
import { negotiate } from "../../shared/page/negotiate";
import { startBackoff } from "../../shared/page/retry";
import { watchSockets } from "./watchSockets";

interface SessionOptions {
    name: string;
    onConnected(own: { connectionId: string; userId: string }): void;
    onState(state: SessionState, text: string): void;
}

/** Stays connected until the service says no. The client itself recovers what is lost for less than half a minute. */
export function openSession({ name, onConnected, onState }: SessionOptions): WebPubSubClient {
    const backoff = startBackoff();
    let live = false;
    let sentOut: string | undefined;
    let access: { url: string } | undefined;

    const client = new WebPubSubClient(
        {
            // Asked for each new connection, since a token lives for an hour only.
            getClientAccessUrl: async () => {
                access = undefined;
                access = await negotiate<{ url: string }>(name);
                return access.url;
            },
        },
        {
            protocol: WebPubSubJsonReliableProtocol(),
            autoReconnect: false,
            // Shown as not delivered instead: a second attempt could deliver it twice.
            messageRetryOptions: { maxRetries: 0 },
        },
    );

    const start = () => {
        onState("connecting", "Connecting");
        client.start().catch((error: Error) => {
            // A browser does not tell why a socket did not open; at the door it is most likely that it was refused.
            if (access !== undefined && !live) {
                end("Not let in, or there is no way to the service");
            } else {
                retry(access === undefined ? error.message : "No connection");
            }
        });
    };
    const end = (why: string) => {
        // The next session opens sockets too, which are none of this one's business.
        live = false;
        onState("offline", why);
    };
    const retry = (why: string) => {
        const wait = backoff.next();
        onState("connecting", `${why}, trying again in ${wait / 1000} s`);
        setTimeout(start, wait);
    };

    watchSockets({
        onClose: () => live && onState("connecting", "Connection lost, recovering it"),
        onFirstMessage: () => live && onState("online", "Online"),
    });
    client.on("connected", ({ connectionId, userId }) => {
        live = true;
        backoff.reset();
        onState("online", "Online");
        onConnected({ connectionId, userId });
    });
    client.on("disconnected", ({ message }) => {
        sentOut = message?.message;
    });
    client.on("stopped", () => {
        sentOut === undefined ? retry("Connection lost") : end(sentOut);
    });
    start();
    return client;
}
