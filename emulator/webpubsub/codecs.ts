import type { Codec } from "./codec";
import * as json from "./encode";
import { protobuf } from "./protobuf";
import { parseRequest } from "./protocol";

const jsonCodec: Codec = {
    name: "JSON",
    binary: false,
    parse: (frame) => parseRequest(frame.toString("utf8")),
    message(outgoing) {
        const begin = json.beginMessage(outgoing);
        return (sequenceId) => begin + json.endMessage(sequenceId);
    },
    connected: json.encodeConnected,
    disconnected: json.encodeDisconnected,
    ack: json.encodeAck,
    pong: () => json.pong,
    refused: json.encodeRefused,
};

export interface Subprotocol {
    codec: Codec;
    /** Whether messages have sequence ids, and a client that was cut off may come back. */
    isReliable: boolean;
}

const subprotocols = new Map<string, Subprotocol>([
    ["json.webpubsub.azure.v1", { codec: jsonCodec, isReliable: false }],
    ["json.reliable.webpubsub.azure.v1", { codec: jsonCodec, isReliable: true }],
    ["protobuf.webpubsub.azure.v1", { codec: protobuf, isReliable: false }],
    ["protobuf.reliable.webpubsub.azure.v1", { codec: protobuf, isReliable: true }],
]);

/** The service's own subprotocol of this name; undefined for any other name, whose clients send and get plain frames. */
export function findSubprotocol(name: string | undefined): Subprotocol | undefined {
    return subprotocols.get(name?.toLowerCase() ?? "");
}
