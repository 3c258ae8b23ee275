import type { IncomingHttpHeaders } from "node:http";

/** What a message carries, with what its sender said about it. */
export type MessageData = ({ type: "text" | "json"; text: string } | { type: "binary"; bytes: Buffer }) & {
    metadata?: Metadata;
};

export type Metadata = Readonly<Record<string, string>>;

/** A message on its way to clients. */
export interface Outgoing {
    data: MessageData;
    /** The group it was sent to. Defaults to none: it is from the server. */
    group?: string;
    /** The user of the client that sent it. Defaults to none: the server sent it. */
    fromUserId?: string;
    /** Seconds it may wait for a client that is being recovered. 0 is no limit, and the default. */
    ttlSeconds?: number;
}

/** Longest time to live, in seconds. */
export const maxTtlSeconds = 300;

const metadataHeader = "x-webpubsub-metadata-";
const metadataKey = /^[!#$%&'*+\-.^_`|~0-9a-z]+$/i;
const limits = { key: 256, value: 1024, total: 8 * 1024 };

/** What is wrong with metadata, or undefined. */
export function metadataFault(metadata: Metadata): string | undefined {
    let total = 0;
    for (const [key, value] of Object.entries(metadata)) {
        if (!metadataKey.test(key) || key.length > limits.key) {
            return `Metadata key '${key}' has to be 1 to ${limits.key} letters, digits or any of !#$%&'*+-.^_\`|~.`;
        }
        // biome-ignore lint/suspicious/noControlCharactersInRegex: all of ASCII is allowed, and nothing else.
        if (!/^[\x00-\x7f]*$/.test(value) || value.length > limits.value) {
            return `The metadata value of '${key}' has to be ASCII of at most ${limits.value} bytes.`;
        }
        total += key.length + value.length;
    }
    return total > limits.total ? `Metadata has more than ${limits.total} bytes.` : undefined;
}

/** Metadata as the headers of an HTTP request or response carry it; undefined when there is none. */
export function readMetadataHeaders(headers: IncomingHttpHeaders): Metadata | undefined {
    let metadata: Record<string, string> | undefined;
    for (const [name, value] of Object.entries(headers)) {
        const key = name.toLowerCase().startsWith(metadataHeader) ? name.slice(metadataHeader.length) : "";
        if (key !== "" && value !== undefined) {
            metadata ??= {};
            metadata[key.toLowerCase()] = Array.isArray(value) ? (value.at(-1) ?? "") : value;
        }
    }
    return metadata;
}

export function metadataHeaders(metadata: Metadata | undefined): Record<string, string> {
    return Object.fromEntries(
        Object.entries(metadata ?? {}).map(([key, value]) => [`${metadataHeader}${key.toLowerCase()}`, value]),
    );
}

/** The bytes of a message, as a body or a frame of a client without subprotocol carries them. */
export function bytesOf(data: MessageData): Buffer {
    return data.type === "binary" ? data.bytes : Buffer.from(data.text, "utf8");
}
