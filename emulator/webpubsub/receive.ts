import { messageOf } from "../core/errors";
import { payload, type Recorder, type Span } from "../core/inspect";
import { noteBroadcast } from "../core/service/record";
import type { Registry } from "../core/service/registry";
import { UpstreamTimeoutError } from "../core/upstream/errors";
import { createAckCache } from "./ackCache";
import type { Codec, Encoded } from "./codec";
import type { Connection } from "./connection";
import type { AckError } from "./encode";
import { messages } from "./errors";
import type { LongNumber, MessageData } from "./message";
import { type ClientRequest, ProtocolError } from "./protocol";
import { noteEnd, noteForbidden } from "./record";
import type { Sender } from "./send";
import type { HubEvents } from "./upstream";

export interface ReceiverOptions {
    registry: Registry<Connection>;
    send: Sender;
    /** The hub's events with its current handlers. */
    events(): HubEvents;
    recorder: Recorder;
    /** Ends a connection with a close code. */
    drop(connection: Connection, close: { code: number; reason: string }): void;
    warn(connection: Connection, message: string): void;
    /** Logs what a client may cause with every message, so not each one gets a line. */
    refuse(connection: Connection, message: string): void;
    /** Ends a connection in which something went wrong. */
    fail(connection: Connection, error: unknown): void;
}

/** Whether nobody wants the events that still wait. */
function isGone({ ended, saidGoodbye }: Connection): boolean {
    return ended && saidGoodbye !== true;
}

/** Handles the frames that a hub's clients send. A message that breaks the protocol ends its connection; any other error is thrown. */
export class Receiver {
    readonly #options: ReceiverOptions;

    constructor(options: ReceiverOptions) {
        this.#options = options;
    }

    receive(connection: Connection, { data, binary }: { data: Buffer; binary: boolean }): void {
        if (connection.ended) {
            return;
        }
        connection.traffic.in += data.length;
        const { codec } = connection;
        if (codec === undefined) {
            this.#receiveSimple(
                connection,
                binary ? { type: "binary", bytes: data } : { type: "text", text: data.toString("utf8") },
                data.length,
            );
            return;
        }
        if (binary !== codec.binary) {
            this.#options.drop(connection, {
                code: 1003,
                reason: messages.wrongFrame(codec.name, codec.binary ? "binary" : "text"),
            });
            return;
        }
        try {
            this.#execute(connection, codec, codec.parse(data), data.length);
        } catch (error) {
            if (!(error instanceof ProtocolError)) {
                throw error;
            }
            this.#options.refuse(connection, `sent a message that cannot be read (${error.message}). It is closed.`);
            this.#options.drop(connection, { code: 1007, reason: messages.invalidRequest(codec.name) });
        }
    }

    #control(connection: Connection, encode: (codec: Codec) => Encoded): void {
        if (connection.codec !== undefined) {
            this.#options.send.control(connection, encode(connection.codec));
        }
    }

    #ack(connection: Connection, ackId: LongNumber | undefined, error?: AckError): void {
        if (ackId === undefined) {
            return;
        }
        if (error === undefined) {
            connection.acks ??= createAckCache();
            connection.acks.add(ackId);
        }
        this.#control(connection, (codec) => codec.ack(ackId, error));
    }

    /** Whether a message with this id was not executed before. If it was, tells the client so. */
    #isNew(connection: Connection, ackId: LongNumber | undefined): boolean {
        if (ackId === undefined || connection.acks?.has(ackId) !== true) {
            return true;
        }
        const error = { name: "Duplicate", message: messages.duplicate(ackId) } as const;
        this.#control(connection, (codec) => codec.ack(ackId, error));
        return false;
    }

    /** Records a message of a client; undefined when nobody looks. */
    #begin(connection: Connection, name: string, data?: MessageData, group?: string): Span | undefined {
        const { recorder } = this.#options;
        return recorder.on
            ? recorder.begin("clientEvent", {
                  name,
                  connection: connection.connectionId,
                  ...(connection.userId !== undefined && { user: connection.userId }),
                  ...(group !== undefined && { group }),
                  ...(data !== undefined && recordedPayload(data)),
              })
            : undefined;
    }

    #sendToGroup(
        connection: Connection,
        message: { group: string; data: MessageData; noEcho: boolean; ttlSeconds?: number },
        span: Span | undefined,
    ): void {
        const { group, data, noEcho, ttlSeconds } = message;
        const excluded = noEcho ? [connection.connectionId] : undefined;
        const members = this.#options.registry.select({ from: this.#options.registry.inGroup(group), excluded });
        this.#options.send.message(members, { group, data, ttlSeconds, fromUserId: connection.userId });
        if (span !== undefined) {
            const isAnybody = this.#options.registry.select({ from: this.#options.registry.inGroup(group) }).length > 0;
            noteBroadcast(span, { name: group, group, count: members.length, isAnybody });
        }
    }

    /** Runs after the client's previous user event, so that handlers see events in their order. */
    #afterLast(connection: Connection, bytes: number, run: () => Promise<void>): void {
        const onFailure = (error: unknown): void => this.#options.fail(connection, error);
        connection.queue.add(run, { bytes: bytes + 1, onFailure });
    }

    async #deliver(connection: Connection, event: { name: string; data: MessageData; span?: Span }): Promise<void> {
        const answer = await this.#options.events().user(connection, event);
        if (answer !== undefined && !connection.ended) {
            this.#options.send.message([connection], { data: answer });
        }
    }

    async #event(connection: Connection, request: ClientRequest & { type: "event" }, span?: Span): Promise<void> {
        const { ackId } = request;
        if (isGone(connection) || !this.#isNew(connection, ackId)) {
            return;
        }
        try {
            await this.#deliver(connection, { name: request.event, data: request.data, ...(span && { span }) });
            this.#ack(connection, ackId);
            noteEnd(span, { ackId });
        } catch (error) {
            this.#options.warn(connection, `event '${request.event}' failed: ${messageOf(error)}`);
            const timedOut = error instanceof UpstreamTimeoutError;
            this.#ack(connection, ackId, {
                name: timedOut ? "Timeout" : "InternalServerError",
                message: timedOut ? messages.timeout : messages.internal,
            });
            noteEnd(span, { ackId, failure: messageOf(error) });
        }
    }

    #membership(connection: Connection, request: ClientRequest & { type: "joinGroup" | "leaveGroup" }): void {
        const { group, ackId, type } = request;
        const span = this.#begin(connection, type, undefined, group);
        if (!connection.rights.joinLeaveGroup.allows(group)) {
            const message = messages.forbidden(type === "joinGroup" ? "join" : "leave", group);
            this.#options.refuse(connection, message);
            this.#ack(connection, ackId, { name: "Forbidden", message });
            noteForbidden(span, { role: "joinLeaveGroup", group, message });
            noteEnd(span, { ackId, failure: message });
            return;
        }
        type === "joinGroup"
            ? this.#options.registry.join(connection, group)
            : this.#options.registry.leave(connection, group);
        this.#ack(connection, ackId);
        noteEnd(span, { ackId });
    }

    #groupMessage(connection: Connection, request: ClientRequest & { type: "sendToGroup" }): void {
        const { group, ackId } = request;
        const span = this.#begin(connection, "sendToGroup", request.data, group);
        if (connection.rights.sendToGroup.allows(group)) {
            this.#sendToGroup(connection, request, span);
            this.#ack(connection, ackId);
            noteEnd(span, { ackId });
            return;
        }
        const message = messages.forbidden("send to", group);
        this.#options.refuse(connection, message);
        this.#ack(connection, ackId, { name: "Forbidden", message });
        noteForbidden(span, { role: "sendToGroup", group, message });
        noteEnd(span, { ackId, failure: message });
    }

    #execute(connection: Connection, codec: Codec, request: ClientRequest, bytes: number): void {
        switch (request.type) {
            case "ping":
                this.#options.send.control(connection, codec.pong());
                return;
            case "sequenceAck":
                connection.recovery?.buffer.acknowledge(request.sequenceId);
                return;
            case "joinGroup":
            case "leaveGroup":
                if (this.#isNew(connection, request.ackId)) {
                    this.#membership(connection, request);
                }
                return;
            case "sendToGroup":
                if (this.#isNew(connection, request.ackId)) {
                    this.#groupMessage(connection, request);
                }
                return;
            case "event": {
                const span = this.#begin(connection, request.event, request.data);
                this.#afterLast(connection, bytes, () => this.#event(connection, request, span));
                return;
            }
            case "invoke":
                this.#options.refuse(connection, messages.noInvoke);
                this.#options.send.control(connection, codec.refused(request, messages.noInvoke));
                return;
            case "stream":
                this.#options.refuse(connection, messages.noStream);
                this.#options.send.control(connection, codec.refused(request, messages.noStream));
                return;
            case "groupState":
                this.#options.refuse(connection, messages.noGroupState);
                this.#ack(connection, request.ackId, { name: "NotImplemented", message: messages.noGroupState });
                return;
            case "cancelInvocation":
                return;
        }
    }

    #receiveSimple(connection: Connection, data: MessageData, bytes: number): void {
        const { groupMode } = connection;
        const span = this.#begin(
            connection,
            groupMode === undefined ? "message" : "sendToGroup",
            data,
            groupMode?.group,
        );
        if (groupMode === undefined) {
            this.#afterLast(connection, bytes, async () => {
                try {
                    if (!isGone(connection)) {
                        await this.#deliver(connection, { name: "message", data, ...(span && { span }) });
                    }
                    noteEnd(span);
                } catch (error) {
                    this.#options.warn(
                        connection,
                        `event 'message' failed, so the client is closed: ${messageOf(error)}`,
                    );
                    this.#options.drop(connection, { code: 1011, reason: messages.internal });
                    noteEnd(span, { failure: messageOf(error) });
                }
            });
        } else if (connection.rights.sendToGroup.allows(groupMode.group)) {
            this.#sendToGroup(connection, { ...groupMode, data }, span);
            noteEnd(span);
        } else {
            const message = messages.forbidden("send to", groupMode.group);
            this.#options.refuse(connection, message);
            noteForbidden(span, { role: "sendToGroup", group: groupMode.group, message });
            noteEnd(span, { failure: message });
            this.#options.drop(connection, { code: 1008, reason: messages.rawForbidden });
        }
    }
}

function recordedPayload(data: MessageData): ReturnType<typeof payload> {
    return "bytes" in data ? payload(data.bytes, "binary") : payload(data.text, data.type);
}
