import type { ClientProtocol } from "./types";

/** What a frame means to the page. `reply` goes back at once, `ready` lets a person talk, `text` is what to show. */
export interface Reading {
    reply?: string;
    ready?: boolean;
    text?: string;
    failed?: boolean;
}

/** A message that a person writes: an event with arguments, or text. */
export interface Written {
    /** What to do with a Web PubSub message: send an event, join a group, and so on. */
    type?: string;
    event: string;
    group?: string;
    data: unknown;
}

export interface Wire {
    subprotocol?: string;
    /** Frames that the client sends when the socket opens. */
    opening: string[];
    /** Whether the client may talk as soon as the socket is open. */
    readyOnOpen: boolean;
    read(frame: string): Reading[];
    write(message: Written): string;
}

const separator = "\u001e";

/** The address of the client's WebSocket, with what the protocol needs in its query. */
export function socketUrl(options: { url: string; accessToken?: string; protocol: ClientProtocol }): string {
    const url = new URL(options.url);
    // A browser does not trust the certificate of the local Azure, whose ports serve both.
    url.protocol = "ws:";
    if (options.protocol === "socketio") {
        url.pathname = `${url.pathname.replace(/\/$/, "")}/`;
        url.searchParams.set("EIO", "4");
        url.searchParams.set("transport", "websocket");
    }
    if (options.accessToken !== undefined && !url.searchParams.has("access_token")) {
        url.searchParams.set("access_token", options.accessToken);
    }
    return url.href;
}

const asArray = (data: unknown): unknown[] => (Array.isArray(data) ? data : data === "" ? [] : [data]);

/** Speaks Engine.IO 4 and Socket.IO 5, text packets only. */
function socketIO(namespace: string): Wire {
    const prefix = namespace === "/" ? "" : `${namespace},`;
    let nextAck = 0;
    return {
        opening: [],
        readyOnOpen: false,
        read(frame) {
            switch (frame[0]) {
                case "0":
                    return [{ reply: `40${prefix}` }];
                case "1":
                    return [{ text: "The service closed the session.", failed: true }];
                case "2":
                    return [{ reply: `3${frame.slice(1)}` }];
                case "4":
                    break;
                default:
                    return [];
            }
            const { type = "", body = "" } = /^4(?<type>\d)(?:\/[^,]*,)?(?<body>.*)$/s.exec(frame)?.groups ?? {};
            if (type === "0") {
                return [{ ready: true, text: `connected ${body}` }];
            }
            if (type === "4") {
                return [{ text: `refused ${body}`, failed: true }];
            }
            const names: Record<string, string> = { 1: "disconnected", 2: "event", 3: "ack" };
            return [{ text: `${names[type] ?? `packet ${type}`} ${body}` }];
        },
        write: ({ event, data }) => `42${prefix}${nextAck++}${JSON.stringify([event, ...asArray(data)])}`,
    };
}

function webPubSub(): Wire {
    let nextAck = 1;
    return {
        subprotocol: "json.webpubsub.azure.v1",
        opening: [],
        readyOnOpen: false,
        read(frame) {
            const read = JSON.parse(frame) as { type?: string; event?: string; success?: boolean };
            const connected = read.type === "system" && read.event === "connected";
            const failed = read.event === "disconnected" || read.success === false;
            return [{ text: frame, ...(connected && { ready: true }), failed }];
        },
        write({ type = "event", event, group, data }) {
            const dataType = typeof data === "string" ? "text" : "json";
            const ackId = nextAck++;
            switch (type) {
                case "joinGroup":
                case "leaveGroup":
                    return JSON.stringify({ type, group, ackId });
                case "sendToGroup":
                    return JSON.stringify({ type, group, ackId, dataType, data });
                default:
                    return JSON.stringify({ type, event, ackId, dataType, data });
            }
        },
    };
}

const signalRTypes = new Map([
    [1, "invocation"],
    [2, "stream item"],
    [3, "completion"],
    [7, "close"],
]);

function signalR(): Wire {
    let greeted = false;
    let nextInvocation = 1;
    return {
        opening: [`{"protocol":"json","version":1}${separator}`],
        readyOnOpen: false,
        read(frame) {
            return frame
                .split(separator)
                .filter(Boolean)
                .map((message): Reading => {
                    const read = JSON.parse(message) as { type?: number; error?: string };
                    if (!greeted) {
                        greeted = true;
                        return read.error === undefined
                            ? { ready: true, text: "connected" }
                            : { text: `refused: ${read.error}`, failed: true };
                    }
                    if (read.type === 6) {
                        return { reply: `{"type":6}${separator}` };
                    }
                    return {
                        text: `${signalRTypes.get(read.type ?? 0) ?? "message"} ${message}`,
                        failed: read.error !== undefined,
                    };
                });
        },
        write: ({ event, data }) =>
            JSON.stringify({
                type: 1,
                invocationId: String(nextInvocation++),
                target: event,
                arguments: asArray(data),
            }) + separator,
    };
}

const raw = (): Wire => ({
    opening: [],
    readyOnOpen: true,
    read: (frame) => [{ text: frame }],
    write: ({ data }) => (typeof data === "string" ? data : JSON.stringify(data)),
});

/** How a test client speaks. `namespace` is for Socket.IO. */
export function wireOf(protocol: ClientProtocol, namespace = "/"): Wire {
    switch (protocol) {
        case "socketio":
            return socketIO(namespace);
        case "json.webpubsub":
            return webPubSub();
        case "signalr-json":
            return signalR();
        case "raw":
            return raw();
    }
}

/** Reads a field as JSON where it is JSON, and otherwise as text. */
export function readData(text: string): unknown {
    try {
        return JSON.parse(text);
    } catch {
        return text;
    }
}
