import {
    WebPubSubClient,
    type WebPubSubClientProtocol,
    WebPubSubJsonProtocol,
    WebPubSubJsonReliableProtocol,
} from "@azure/web-pubsub-client";
import WebSocket from "ws";
import { createInbox, type Inbox, type InboxOptions, within } from "../inbox";
import { field, negotiate } from "../step";

export interface ClientOptions extends InboxOptions {
    negotiateUrl: string;
    /** Defaults to `reliable`. */
    protocol?: "json" | "reliable";
    query?: Record<string, string>;
}

export interface CheckClient extends Inbox {
    name: string;
    client: WebPubSubClient;
    /** Id of the newest connection. */
    connectionId(): string;
    /** Sends an event and resolves with the app's answer after the service has acknowledged the event. */
    ask(event: string, data?: Record<string, unknown> | string): Promise<Record<string, unknown>>;
    close(): void;
}

export type Who = Pick<ClientOptions, "name" | "protocol" | "query">;

/** Clients that the steps of a script share. */
export interface People {
    ann: CheckClient;
    bob: CheckClient;
    /** Connects a client and waits until the app welcomes it. */
    enter(who: Who): Promise<CheckClient>;
}

/** A WebSocket client without a subprotocol. */
export interface PlainClient extends Inbox {
    name: string;
    send(text: string): void;
    close(): void;
}

/** Types of the messages with which the app answers an event. */
const answerTypes = ["delivered", "done", "refused"];

const protocols: Record<"json" | "reliable", () => WebPubSubClientProtocol> = {
    json: WebPubSubJsonProtocol,
    reliable: WebPubSubJsonReliableProtocol,
};

async function accessUrl({ negotiateUrl, name, query = {} }: ClientOptions): Promise<string> {
    const url = new URL(negotiateUrl);
    // An empty name gives a token for nobody. Without the parameter the negotiation fails.
    url.searchParams.set("userId", name);
    const access = new URL((await negotiate<{ url: string }>(url)).url);
    for (const [key, value] of Object.entries(query)) {
        access.searchParams.set(key, value);
    }
    return access.href;
}

/** Negotiates and connects as the page does. Rejects when the service or the app refuses the client. */
export async function openClient(options: ClientOptions): Promise<CheckClient> {
    const client = new WebPubSubClient(
        { getClientAccessUrl: () => accessUrl(options) },
        {
            protocol: protocols[options.protocol ?? "reliable"](),
            autoReconnect: false,
            messageRetryOptions: { maxRetries: 0 },
            // The timers of its pings outlive `stop` by up to 40 s, and hold the process for as long.
            keepAliveIntervalInMs: 0,
            keepAliveTimeoutInMs: 0,
        },
    );
    const { see, ...inbox } = createInbox(options);
    let connectionId = "";
    client.on("connected", (own) => {
        connectionId = own.connectionId;
        see("connected", own);
    });
    client.on("server-message", ({ message: { data } }) => see(...named(data)));
    client.on("group-message", ({ message }) => {
        const [event, data] = named(message.data);
        see(event === "json" ? "group text" : event, withGroup(data, message));
    });
    client.on("disconnected", ({ message }) => see("disconnected", message?.message ?? ""));
    client.on("stopped", () => see("stopped"));
    // `start` resolves when the socket opens, which may be before the service tells the connection's id.
    const opened = new Promise<void>((resolve, reject) => {
        client.on("connected", () => resolve());
        client.on("stopped", () => reject(new Error(`${options.name} was disconnected before the service let it in`)));
    });
    opened.catch(() => undefined);
    await client.start();
    const what = `${options.name} was not let in`;
    await within({ work: opened, what, milliseconds: options.milliseconds });
    return {
        name: options.name,
        client,
        connectionId: () => connectionId,
        ...inbox,
        async ask(event, data = "") {
            const sent = client.sendEvent(event, data, typeof data === "string" ? "text" : "json");
            await within({
                work: sent,
                what: `"${event}" of ${options.name} was not acknowledged`,
                milliseconds: options.milliseconds,
            });
            const fits = (args: unknown[]) => field(args, "event") === event;
            const type = answerTypes.find((name) => inbox.has(name, fits));
            if (type === undefined) {
                throw new Error(`"${event}" of ${options.name} was acknowledged before it was answered`);
            }
            const [answer] = await inbox.next(type, { fits });
            return answer as Record<string, unknown>;
        },
        close: () => client.stop(),
    };
}

/** Connects without a subprotocol. A refused connection appears as the event `refused`, with the HTTP status. */
export async function openPlainClient(options: ClientOptions): Promise<PlainClient> {
    const socket = new WebSocket(await accessUrl(options));
    const { see, ...inbox } = createInbox(options);
    socket.on("unexpected-response", (_request, response) => {
        refused = true;
        let body = "";
        response.on("data", (chunk: Buffer) => (body += chunk.toString()));
        response.on("end", () => see("refused", { status: response.statusCode, body }));
    });
    let refused = false;
    // A refused socket also emits an error when it closes. `refused` has already reported that.
    socket.on("error", (error) => refused || see("error", error.message));
    socket.on("message", (data: Buffer, isBinary) => see(...named(isBinary ? data : parse(data.toString()))));
    socket.on("close", (code, reason) => see("closed", { code, reason: reason.toString() }));
    return { name: options.name, ...inbox, send: (text) => socket.send(text), close: () => socket.terminate() };
}

/** An event is named by the `type` in its JSON. Data without a type is named `json`, `text` or `binary`. */
function named(data: unknown): [event: string, data: unknown] {
    if (typeof data === "string") {
        return ["text", data];
    }
    if (data instanceof ArrayBuffer || Buffer.isBuffer(data)) {
        return ["binary", Buffer.from(data as Buffer)];
    }
    const { type } = data as { type?: unknown };
    return [typeof type === "string" ? type : "json", data];
}

function withGroup(data: unknown, { group, fromUserId }: { group: string; fromUserId?: string }): unknown {
    return typeof data === "object" && data !== null && !Buffer.isBuffer(data)
        ? { group, fromUserId, ...data }
        : { group, fromUserId, data };
}

function parse(text: string): unknown {
    try {
        return JSON.parse(text);
    } catch {
        return text;
    }
}
