/** The part of a service's client protocol that a load uses. */
export interface Dialect {
    /** Subprotocol of the WebSocket. */
    protocol?: string;
    /** First message of the client, in a protocol where the client speaks first. */
    greeting?: string;
    /** The client's answer to a frame during the handshake. */
    handshake(text: string): string | undefined;
    isReady(text: string): boolean;
    /** The client's answer to a frame, such as a ping, after the handshake. */
    reply?(payload: Buffer): string | undefined;
    /** A message that the server answers. */
    ask(id: number): string;
    isAnswer(payload: Buffer): boolean;
    /** Whether a frame is a message for everyone. */
    isDelivery(payload: Buffer): boolean;
    /** A message from one client to all, in a protocol that lets clients broadcast. */
    broadcast?: string;
}

/** About 100 bytes, the length of a line of chat. */
export const text = "A line of chat, as long as people write them: it says where and when, and it asks who is coming.";

const end = "\u001e";
const startsWith = (payload: Buffer, start: string): boolean => payload.toString("latin1", 0, start.length) === start;
const quoted = JSON.stringify(text);

export const dialects = {
    /** Engine.IO and Socket.IO packets over a WebSocket. */
    socketio: {
        handshake: (frame) => (frame.startsWith("0") ? "40" : undefined),
        isReady: (frame) => frame.startsWith("40"),
        reply: (payload) => (payload.length === 1 && startsWith(payload, "2") ? "3" : undefined),
        ask: (id) => `42${id}["echo",${quoted}]`,
        isAnswer: (payload) => startsWith(payload, "43"),
        isDelivery: (payload) => startsWith(payload, "42"),
    },
    /** The JSON subprotocol of Web PubSub. */
    webpubsub: {
        protocol: "json.webpubsub.azure.v1",
        handshake: () => undefined,
        isReady: (frame) => frame.startsWith('{"type":"system"'),
        ask: (id) => `{"type":"sendToGroup","group":"nobody","ackId":${id},"dataType":"text","data":${quoted}}`,
        isAnswer: (payload) => startsWith(payload, '{"type":"ack"'),
        isDelivery: (payload) => startsWith(payload, '{"type":"message"'),
        broadcast: `{"type":"sendToGroup","group":"all","dataType":"text","data":${quoted}}`,
    },
    /** SignalR's JSON hub protocol. */
    signalr: {
        greeting: `{"protocol":"json","version":1}${end}`,
        handshake: () => undefined,
        isReady: (frame) => frame.startsWith("{}"),
        ask: (id) => `{"type":1,"invocationId":"${id}","target":"echo","arguments":[${quoted}]}${end}`,
        isAnswer: (payload) => startsWith(payload, '{"type":3'),
        isDelivery: (payload) => startsWith(payload, '{"type":1'),
    },
} as const satisfies Record<string, Dialect>;

export type DialectName = keyof typeof dialects;
