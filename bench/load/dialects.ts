/** How clients of one service talk, as far as a load needs it. */
export interface Dialect {
    /** Subprotocol of the WebSocket. */
    protocol?: string;
    /** What a client says to be let in, when the server says nothing first. */
    greeting?: string;
    /** What the client says to a frame before it is in; `in` when it is. */
    handshake(text: string): string | undefined;
    isReady(text: string): boolean;
    /** What the client has to say to a frame once it is in, such as a ping. */
    reply?(payload: Buffer): string | undefined;
    /** A message that the server answers, and how its answer begins. */
    ask(id: number): string;
    isAnswer(payload: Buffer): boolean;
    /** Whether a frame is a message for everyone. */
    isDelivery(payload: Buffer): boolean;
    /** A message from one client to everyone, where clients can. */
    broadcast?: string;
}

/** Some 100 bytes, as a line of chat is. */
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
