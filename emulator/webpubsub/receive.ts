import type { Registry } from "../core/service/registry";
import { UpstreamTimeoutError } from "../core/upstream/errors";
import { createAckCache } from "./ackCache";
import type { Connection } from "./connection";
import { type AckError, encodeAck, encodeInvokeRefused, encodeStreamRefused, pong } from "./encode";
import { causeOf, messages } from "./errors";
import type { MessageData } from "./message";
import { type ClientRequest, ProtocolError, parseRequest } from "./protocol";
import { type Sender, sendControl } from "./send";
import type { HubEvents } from "./upstream";

export interface ReceiverOptions {
    registry: Registry<Connection>;
    send: Sender;
    /** The hub's events as its handlers are now. */
    events(): HubEvents;
    /** Ends a connection with a close code, which the client sees. */
    drop(connection: Connection, close: { code: number; reason: string }): void;
    warn(connection: Connection, message: string): void;
}

/** Takes a frame that a client sent. */
export type Receiver = (connection: Connection, frame: { data: Buffer; binary: boolean }) => void;

export function createReceiver(options: ReceiverOptions): Receiver {
    const { registry, send, drop, warn } = options;

    function ack(connection: Connection, ackId: number | undefined, error?: AckError): void {
        if (ackId === undefined) {
            return;
        }
        if (error === undefined) {
            connection.acks ??= createAckCache();
            connection.acks.add(ackId);
        }
        sendControl(connection, encodeAck(ackId, error));
    }

    /** False, and the client is told, when a message with this id was executed before. */
    function isNew(connection: Connection, ackId: number | undefined): boolean {
        if (ackId === undefined || connection.acks?.has(ackId) !== true) {
            return true;
        }
        sendControl(connection, encodeAck(ackId, { name: "Duplicate", message: messages.duplicate(ackId) }));
        return false;
    }

    function sendToGroup(
        connection: Connection,
        message: { group: string; data: MessageData; noEcho: boolean; ttlSeconds?: number },
    ): void {
        const { group, data, noEcho, ttlSeconds } = message;
        const excluded = noEcho ? [connection.connectionId] : undefined;
        const members = registry.select({ from: registry.inGroup(group), excluded });
        send(members, { group, data, ttlSeconds, fromUserId: connection.userId });
    }

    /** Runs after the user event before it, so that a handler sees a client's events in their order. */
    function afterLast(connection: Connection, run: () => Promise<void>): void {
        connection.lastEvent = connection.lastEvent.then(run);
    }

    async function deliver(connection: Connection, event: { name: string; data: MessageData }): Promise<void> {
        const answer = await options.events().user(connection, event);
        if (answer !== undefined && !connection.ended) {
            send([connection], { data: answer });
        }
    }

    async function event(connection: Connection, request: ClientRequest & { type: "event" }): Promise<void> {
        const { ackId } = request;
        if (connection.ended || !isNew(connection, ackId)) {
            return;
        }
        try {
            await deliver(connection, { name: request.event, data: request.data });
            ack(connection, ackId);
        } catch (error) {
            warn(connection, `event '${request.event}' failed: ${causeOf(error)}`);
            const timedOut = error instanceof UpstreamTimeoutError;
            ack(connection, ackId, {
                name: timedOut ? "Timeout" : "InternalServerError",
                message: timedOut ? messages.timeout : messages.internal,
            });
        }
    }

    function membership(connection: Connection, request: ClientRequest & { type: "joinGroup" | "leaveGroup" }): void {
        const { group, ackId, type } = request;
        if (!connection.rights.joinLeaveGroup.allows(group)) {
            const message = messages.forbidden(type === "joinGroup" ? "join" : "leave", group);
            warn(connection, message);
            ack(connection, ackId, { name: "Forbidden", message });
            return;
        }
        type === "joinGroup" ? registry.join(connection, group) : registry.leave(connection, group);
        ack(connection, ackId);
    }

    function execute(connection: Connection, request: ClientRequest): void {
        switch (request.type) {
            case "ping":
                sendControl(connection, pong);
                return;
            case "sequenceAck":
                connection.recovery?.buffer.acknowledge(request.sequenceId);
                return;
            case "joinGroup":
            case "leaveGroup":
                if (isNew(connection, request.ackId)) {
                    membership(connection, request);
                }
                return;
            case "sendToGroup":
                if (!isNew(connection, request.ackId)) {
                    return;
                }
                if (!connection.rights.sendToGroup.allows(request.group)) {
                    const message = messages.forbidden("send to", request.group);
                    warn(connection, message);
                    ack(connection, request.ackId, { name: "Forbidden", message });
                    return;
                }
                sendToGroup(connection, request);
                ack(connection, request.ackId);
                return;
            case "event":
                afterLast(connection, () => event(connection, request));
                return;
            case "invoke":
                warn(connection, messages.noInvoke);
                sendControl(connection, encodeInvokeRefused(request.invocationId, messages.noInvoke));
                return;
            case "stream":
                warn(connection, messages.noStream);
                sendControl(connection, encodeStreamRefused(request.streamId, messages.noStream));
                return;
            case "cancelInvocation":
                return;
        }
    }

    function receiveSimple(connection: Connection, data: MessageData): void {
        const { groupMode } = connection;
        if (groupMode === undefined) {
            afterLast(connection, async () => {
                try {
                    if (!connection.ended) {
                        await deliver(connection, { name: "message", data });
                    }
                } catch (error) {
                    warn(connection, `event 'message' failed, so the client is closed: ${causeOf(error)}`);
                    drop(connection, { code: 1011, reason: messages.internal });
                }
            });
        } else if (connection.rights.sendToGroup.allows(groupMode.group)) {
            sendToGroup(connection, { ...groupMode, data });
        } else {
            warn(connection, messages.forbidden("send to", groupMode.group));
            drop(connection, { code: 1008, reason: messages.rawForbidden });
        }
    }

    return (connection, { data, binary }) => {
        if (connection.kind === "simple") {
            receiveSimple(
                connection,
                binary ? { type: "binary", bytes: data } : { type: "text", text: data.toString("utf8") },
            );
            return;
        }
        if (binary) {
            drop(connection, { code: 1003, reason: messages.textOnly });
            return;
        }
        try {
            execute(connection, parseRequest(data.toString("utf8")));
        } catch (error) {
            if (!(error instanceof ProtocolError)) {
                throw error;
            }
            warn(connection, `sent a message that cannot be read (${error.message}). It is closed.`);
            drop(connection, { code: 1007, reason: messages.invalidRequest });
        }
    };
}
