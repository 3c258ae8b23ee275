import { openClient } from "../load/clients";
import { type DialectName, dialects } from "../load/dialects";
import type { RawSocket } from "../load/rawSocket";

/** What clients saw, over all of them. */
export interface Seen {
    /** Events that were sent, by number, and when. */
    asked: Map<number, number>;
    answered: number;
    /** Events whose failure the service told the client. */
    refused: number;
    /** Answers and broadcasts that came twice. */
    double: number;
    /** Broadcasts that clients got. */
    delivered: number;
}

export interface SoakClient {
    socket: RawSocket;
    /** Sends an event that the handler answers. */
    ask(): void;
    /** Keeps the connection open, in a protocol where the client must speak. */
    beat(): void;
    /** Numbers of the broadcasts that it got. */
    got: Set<number>;
}

const end = "\u001e";
let nextId = 0;

const asks: Record<DialectName, (id: number) => string> = {
    socketio: dialects.socketio.ask,
    webpubsub: (id) => `{"type":"event","event":"echo","ackId":${id},"dataType":"text","data":"x"}`,
    signalr: dialects.signalr.ask,
};

const answerIds: Record<DialectName, RegExp> = {
    socketio: /^43(\d+)/,
    webpubsub: /"type":"ack","ackId":(\d+)/,
    signalr: /"type":3,"invocationId":"(\d+)"/,
};

/** Text of a broadcast, which a client finds in a frame of any service. */
export const broadcastText = (number: number) => `soak:${number}:`;

export async function openSoakClient(options: { url: string; name: DialectName; seen: Seen }): Promise<SoakClient> {
    const { name, seen } = options;
    const dialect = dialects[name];
    const socket = await openClient({ url: options.url, dialect });
    const got = new Set<number>();
    const reply = "reply" in dialect ? dialect.reply : undefined;

    function take(text: string): void {
        const broadcast = /soak:(\d+):/.exec(text);
        if (broadcast !== null) {
            const number = Number(broadcast[1]);
            seen.double += got.has(number) ? 1 : 0;
            seen.delivered += got.has(number) ? 0 : 1;
            got.add(number);
            return;
        }
        const id = answerIds[name].exec(text)?.[1];
        if (id === undefined) {
            return;
        }
        if (!seen.asked.delete(Number(id))) {
            seen.double += 1;
        } else if (/"success":false|"error":/.test(text)) {
            seen.refused += 1;
        } else {
            seen.answered += 1;
        }
    }

    socket.onFrame = (payload) => {
        const answer = reply?.(payload);
        if (answer !== undefined) {
            socket.send(answer);
            return;
        }
        for (const part of payload.toString("utf8").split(end)) {
            take(part);
        }
    };
    return {
        socket,
        got,
        ask() {
            nextId += 1;
            seen.asked.set(nextId, performance.now());
            socket.send(asks[name](nextId));
        },
        beat: () => name === "signalr" && socket.send(`{"type":6}${end}`),
    };
}
