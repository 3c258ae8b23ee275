import type { IncomingHttpHeaders } from "node:http";

/** A number of 64 bits, which is a `bigint` where a JavaScript number is not exact. */
export type LongNumber = number | bigint;

export function toLongNumber(value: bigint): LongNumber {
    return value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value;
}

/** Content of a message, with its sender's metadata. */
export type MessageData = ({ type: "text" | "json"; text: string } | { type: "binary" | "protobuf"; bytes: Buffer }) & {
    metadata?: Metadata;
};

export type Metadata = Readonly<Record<string, string>>;

/** A message to clients. */
export interface Outgoing {
    data: MessageData;
    /** Group that the message was sent to. Defaults to none, which clients see as a message from the server. */
    group?: string;
    /** User of the client that sent the message. Defaults to none, for messages of the server. */
    fromUserId?: string;
    /** Seconds that the message may wait for a client that reconnects. Defaults to 0, which is no limit. */
    ttlSeconds?: number;
}

/** Longest time to live, in seconds. */
export const maxTtlSeconds = 300;

const metadataHeader = "x-webpubsub-metadata-";
const metadataKey = /^[!#$%&'*+\-.^_`|~0-9a-z]+$/i;
const limits = { key: 256, value: 1024, total: 8 * 1024 };

/** The fault of metadata; undefined when it is valid. */
export function metadataFault(metadata: Metadata): string | undefined {
    let total = 0;
    for (const [key, value] of Object.entries(metadata)) {
        if (!metadataKey.test(key) || key.length > limits.key) {
            return `Metadata key '${key}' has to be 1 to ${limits.key} letters, digits or any of !#$%&'*+-.^_\`|~.`;
        }
        // biome-ignore lint/suspicious/noControlCharactersInRegex: every ASCII character is allowed.
        if (!/^[\x00-\x7f]*$/.test(value) || value.length > limits.value) {
            return `The metadata value of '${key}' has to be ASCII of at most ${limits.value} bytes.`;
        }
        total += key.length + value.length;
    }
    return total > limits.total ? `Metadata has more than ${limits.total} bytes.` : undefined;
}

/**
 * Reads metadata from HTTP headers; undefined when there is none. Of several values, in one header or in many, the last one counts.
 * Source: GetMetadata in WebPubSubEmulatorController.cs, and ResponseBodyAndMetadataPrecedeAck, of the vendor's own emulator.
 */
export function readMetadataHeaders(headers: IncomingHttpHeaders): Metadata | undefined {
    const metadata = new Map<string, string>();
    for (const [name, value] of Object.entries(headers)) {
        const key = name.toLowerCase().startsWith(metadataHeader) ? name.slice(metadataHeader.length) : "";
        if (key !== "" && value !== undefined) {
            const last = Array.isArray(value) ? (value.at(-1) ?? "") : value;
            metadata.set(key.toLowerCase(), last.slice(last.lastIndexOf(",") + 1).trim());
        }
    }
    return metadata.size === 0 ? undefined : Object.fromEntries(metadata);
}

export function metadataHeaders(metadata: Metadata | undefined): Record<string, string> {
    return Object.fromEntries(
        Object.entries(metadata ?? {}).map(([key, value]) => [`${metadataHeader}${key.toLowerCase()}`, value]),
    );
}

/** The bytes of a message, for a request body or a plain frame. */
export function bytesOf(data: MessageData): Buffer {
    return "bytes" in data ? data.bytes : Buffer.from(data.text, "utf8");
}
