/** What a client sent, as far as the service looks at it. */
export type ClientMessage =
    | {
          type: "invocation";
          target: string;
          /** Undefined when the client does not wait for a result. */
          invocationId: string | undefined;
          /** Whether arguments are to follow as streams. */
          isStreaming: boolean;
          /** The message as it was sent, without its framing. */
          payload: Buffer;
      }
    | { type: "streamInvocation"; target: string; invocationId: string }
    | { type: "close"; error: string | undefined }
    /** Pings, and parts of streams that were never begun. */
    | { type: "other" };

/** A message cannot be read; the connection ends. */
export class ProtocolError extends Error {
    override readonly name = "ProtocolError";
}

export interface Completion {
    invocationId: string;
    /** Without it the invocation succeeded. */
    error?: string;
    /** Without it the invocation has no result, which is not the same as null. */
    result?: unknown;
}

/** One hub protocol, seen from the service: it reads what clients send and writes what they get. */
export interface HubProtocol {
    readonly name: "json" | "messagepack";
    /** Whether its messages are bytes that are no text. */
    readonly binary: boolean;
    /** Content type of its messages in an upstream request. */
    readonly mediaType: string;
    /** All whole messages at the front, and what follows them. Throws `ProtocolError`. */
    parse(data: Buffer): { messages: ClientMessage[]; rest: Buffer };
    invocation(message: { target: string; arguments: readonly unknown[] }): Buffer;
    completion(completion: Completion): Buffer;
    close(options: { error?: string; allowReconnect: boolean }): Buffer;
    readonly ping: Buffer;
    /** Whether these bytes are one framed completion of that invocation. */
    isCompletion(data: Buffer, invocationId: string): boolean;
}
