import { WebSocket } from "ws";
import { messageOf } from "../../../emulator/core/errors";
import { longestAnswer } from "../ask";
import { CheckError } from "../check";
import { within } from "./within";

export interface Conversation {
    send(text: string): void;
    /** Waits for a message from which `read` returns a value. */
    next<T>(what: string, read: (text: string) => T | undefined): Promise<T>;
}

/** Opens a WebSocket, runs a conversation over it, and closes it. Throws a `CheckError` for the step that failed. */
export async function converse<T>({
    url,
    protocols = [],
    milliseconds,
    talk,
}: {
    url: string;
    protocols?: string[];
    milliseconds: number;
    talk(conversation: Conversation): Promise<T>;
}): Promise<T> {
    const socket = new WebSocket(url, protocols, { followRedirects: false, maxPayload: longestAnswer });
    const unread: string[] = [];
    const readers = new Set<() => void>();
    let ended: CheckError | undefined;
    const end = (message: string) => {
        ended ??= new CheckError(message);
        for (const read of readers) {
            read();
        }
    };
    let length = 0;
    socket.on("message", (data) => {
        const text = data.toString();
        length += text.length;
        if (length > longestAnswer) {
            end("The service sends more than 1 MiB, which no check asks for.");
            socket.terminate();
            return;
        }
        unread.push(text);
        for (const read of readers) {
            read();
        }
    });
    socket.on("error", (error) => end(`The service refuses the client: ${messageOf(error)}.`));
    socket.on("close", (code, reason) => end(`The service closed the connection (${code} ${reason}).`));
    function next<Found>(what: string, read: (text: string) => Found | undefined): Promise<Found> {
        const arrived = new Promise<Found>((resolve, reject) => {
            const settle = (done: () => void) => {
                readers.delete(look);
                done();
            };
            const look = () => {
                try {
                    for (let text = unread.shift(); text !== undefined; text = unread.shift()) {
                        const found = read(text);
                        if (found !== undefined) {
                            settle(() => resolve(found));
                            return;
                        }
                    }
                } catch (error) {
                    settle(() => reject(error));
                    return;
                }
                if (ended !== undefined) {
                    settle(() => reject(ended));
                }
            };
            readers.add(look);
            look();
        });
        return within({ work: arrived, what, milliseconds });
    }
    try {
        const opened = new Promise<void>((resolve, reject) => {
            socket.once("open", resolve);
            readers.add(() => ended && reject(ended));
        });
        await within({ work: opened, what: "The client gets no answer from the service", milliseconds });
        const result = await talk({ send: (text) => socket.send(text), next });
        const left = new Promise<void>((resolve) => socket.once("close", () => resolve()));
        socket.close();
        await within({ work: left, what: "The service does not disconnect the client", milliseconds });
        return result;
    } finally {
        socket.terminate();
    }
}
