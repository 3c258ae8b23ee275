import { messages } from "../errors";
import { separator } from "./framing";
import { isInt32, jsonProtocol, parseObject } from "./json";
import { messagePackProtocol } from "./messagePack";
import { type HubProtocol, ProtocolError } from "./types";

export type Handshake = { kind: "done"; protocol: HubProtocol } | { kind: "refused"; reason: string };

/** Newest version that is supported of both protocols. */
const newestVersion = 2;

/** Reads a client's first message without its separator. It is JSON for both protocols. */
export function readHandshake(message: Buffer, transport: { binary: boolean }): Handshake {
    let request: Record<string, unknown>;
    try {
        request = parseObject(message);
    } catch (error) {
        if (error instanceof ProtocolError) {
            return { kind: "refused", reason: messages.badHandshake };
        }
        throw error;
    }
    const { protocol: name, version } = request;
    if (typeof name !== "string" || !isInt32(version)) {
        return { kind: "refused", reason: messages.badHandshake };
    }
    const protocol = [jsonProtocol, messagePackProtocol].find((known) => known.name === name.toLowerCase());
    if (protocol === undefined) {
        return { kind: "refused", reason: messages.unknownProtocol(name) };
    }
    if (version > newestVersion) {
        return { kind: "refused", reason: messages.protocolVersion({ protocol: name, version }) };
    }
    return protocol.binary && !transport.binary
        ? { kind: "refused", reason: messages.binaryOnText }
        : { kind: "done", protocol };
}

/** The service's answer. With an error it is the last message to the client. */
export function handshakeResponse(error?: string): Buffer {
    return Buffer.from(`${JSON.stringify({ error })}${String.fromCharCode(separator)}`, "utf8");
}
