import type { LongNumber, MessageData, Outgoing } from "./message";

export type AckErrorName = "Forbidden" | "InternalServerError" | "Duplicate" | "Timeout" | "NotImplemented";

export interface AckError {
    name: AckErrorName;
    message: string;
}

const quote = JSON.stringify;

/** A message for clients of a JSON subprotocol without its end (`endMessage`). The same text serves every receiver. */
export function beginMessage({ data, group, fromUserId }: Outgoing): string {
    const from =
        group === undefined ? '"server"' : `"group","group":${quote(group)},"fromUserId":${quote(fromUserId ?? null)}`;
    const metadata = data.metadata === undefined ? "" : `,"metadata":${quote(data.metadata)}`;
    return `{"type":"message","from":${from},"dataType":"${data.type}","data":${encodeData(data)}${metadata}`;
}

/** The end of a message, with the sequence id for a reliable subprotocol. */
export function endMessage(sequenceId?: number): string {
    return sequenceId === undefined ? "}" : `,"sequenceId":${sequenceId}}`;
}

function encodeData(data: MessageData): string {
    switch (data.type) {
        case "json":
            return data.text;
        case "text":
            return quote(data.text);
        case "binary":
        case "protobuf":
            return `"${data.bytes.toString("base64")}"`;
    }
}

export function encodeConnected(options: {
    userId: string | undefined;
    connectionId: string;
    reconnectionToken: string | undefined;
}): string {
    const { userId = null, ...rest } = options;
    return quote({ type: "system", event: "connected", userId, ...rest });
}

export function encodeDisconnected(message: string): string {
    return quote({ type: "system", event: "disconnected", message });
}

export function encodeAck(ackId: LongNumber, error?: AckError): string {
    return error === undefined
        ? `{"type":"ack","ackId":${ackId},"success":true}`
        : `{"type":"ack","ackId":${ackId},"success":false,"error":${quote(error)}}`;
}

export function encodeRefused(request: { streamId?: string; invocationId?: string }, message: string): string {
    const { streamId, invocationId } = request;
    const error = { name: "NotImplemented", message };
    return streamId === undefined
        ? quote({ type: "invokeResponse", invocationId, success: false, error })
        : quote({ type: "streamClosed", streamId, error });
}

export const pong = '{"type":"pong"}';
