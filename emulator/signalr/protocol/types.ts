/** A client's message, reduced to what the service needs. */
export type ClientMessage =
    | {
          type: "invocation";
          target: string;
          /** Undefined when the client does not wait for a result. */
          invocationId: string | undefined;
          /** Whether the client announces arguments as streams. */
          isStreaming: boolean;
          /** The message as sent, without its framing. */
          payload: Buffer;
      }
    | { type: "streamInvocation"; target: string; invocationId: string }
    | { type: "close"; error: string | undefined }
    /** Pings, and parts of streams that were refused. */
    | { type: "other" };

/** A client's message breaks the protocol, so its connection ends. */
export class ProtocolError extends Error {
    override readonly name = "ProtocolError";
}

/** A message, and the data after it. */
export interface Cut {
    message: Buffer;
    rest: Buffer;
}

/**
 * Cuts messages from data that comes in pieces of any size. Keeps the beginning of a message until the rest comes, and looks at each byte
 * once. Returns undefined while the message is incomplete. Throws `ProtocolError` as soon as a message is, or says it is, too large.
 */
export type Cutter = (data: Buffer) => Cut | undefined;

export interface Completion {
    invocationId: string;
    /** Undefined when the invocation succeeded. */
    error?: string;
    /** Missing when the invocation has no result, which is different from null. */
    result?: unknown;
}

/** A hub protocol: reads clients' messages and encodes messages to clients. */
export interface HubProtocol {
    readonly name: "json" | "messagepack";
    /** Whether its messages are binary. */
    readonly binary: boolean;
    /** Content type of an upstream request that carries its messages. */
    readonly mediaType: string;
    /** Creates what cuts one client's data into messages. */
    createCutter(): Cutter;
    /** Reads a message that is cut out. Throws `ProtocolError`. */
    read(message: Buffer): ClientMessage;
    /** `json` has the arguments as their sender spelled them, with digits that a JavaScript number loses. */
    invocation(message: { target: string; arguments: readonly unknown[]; json?: string }): Buffer;
    completion(completion: Completion): Buffer;
    close(options: { error?: string; allowReconnect: boolean }): Buffer;
    readonly ping: Buffer;
    /** Whether the bytes are exactly one completion of that invocation. */
    isCompletion(data: Buffer, invocationId: string): boolean;
}
