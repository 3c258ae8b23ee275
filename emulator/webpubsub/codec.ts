import type { AckError } from "./encode";
import type { LongNumber, Outgoing } from "./message";
import type { ClientRequest } from "./protocol";

/** A frame's content: text for a JSON subprotocol, bytes for a protobuf one. */
export type Encoded = string | Buffer;

/** Reads and writes the messages of a subprotocol. */
export interface Codec {
    /** How the service names it when it closes a connection. */
    readonly name: string;
    /** Whether the frames of both directions are binary. */
    readonly binary: boolean;
    /** Reads a client's message. Throws `ProtocolError`. */
    parse(frame: Buffer): ClientRequest;
    /** Begins a message, which serves every receiver. The result ends it, with the sequence id of a reliable client. */
    message(outgoing: Outgoing): (sequenceId?: number) => Encoded;
    connected(options: {
        userId: string | undefined;
        connectionId: string;
        reconnectionToken: string | undefined;
    }): Encoded;
    disconnected(message: string): Encoded;
    ack(ackId: LongNumber, error?: AckError): Encoded;
    pong(): Encoded;
    /** Answers a request for an operation that is not emulated. */
    refused(request: { streamId?: string; invocationId?: string }, message: string): Encoded;
}
