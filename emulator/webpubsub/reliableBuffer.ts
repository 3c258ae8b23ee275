import type { Encoded } from "./codec";
import type { LongNumber } from "./message";

interface Waiting {
    sequenceId: number;
    message: Encoded;
    bytes: number;
    /** Milliseconds of the clock's elapsed time; undefined for a message that waits as long as the connection lives. */
    expires: number | undefined;
}

/** Messages of a reliable connection that its client has not acknowledged yet. */
export interface ReliableBuffer {
    /** Numbers and stores a message, and returns it. Undefined when the buffer is full; the connection must then end. */
    add(options: { encode(sequenceId: number): Encoded; expires: number | undefined }): Encoded | undefined;
    /** Forgets the messages up to this number, which have arrived. */
    acknowledge(sequenceId: LongNumber): void;
    /** The messages for a client that came back, oldest first, without expired ones. */
    replay(elapsed: number): Encoded[];
}

// Source: the client protocol's specification.
const maxMessages = 1000;
const maxBytes = 16 * 1024 * 1024;

export function createReliableBuffer(): ReliableBuffer {
    let waiting: Waiting[] = [];
    let bytes = 0;
    let last = 0;

    function keep(kept: Waiting[]): void {
        waiting = kept;
        bytes = kept.reduce((sum, one) => sum + one.bytes, 0);
    }

    return {
        add({ encode, expires }) {
            const message = encode(last + 1);
            const size = Buffer.byteLength(message);
            if (waiting.length >= maxMessages || bytes + size > maxBytes) {
                return undefined;
            }
            last++;
            bytes += size;
            waiting.push({ sequenceId: last, message, bytes: size, expires });
            return message;
        },
        acknowledge(sequenceId) {
            const first = waiting.findIndex((one) => one.sequenceId > sequenceId);
            keep(first < 0 ? [] : waiting.slice(first));
        },
        replay(elapsed) {
            keep(waiting.filter(({ expires }) => expires === undefined || expires > elapsed));
            return waiting.map(({ message }) => message);
        },
    };
}
