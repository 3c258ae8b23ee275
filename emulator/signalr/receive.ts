import { messageOf } from "../core/errors";
import { payload, type Recorder, type Span } from "../core/inspect";
import { UpstreamError } from "../core/upstream/errors";
import type { Connection } from "./connection";
import { messages } from "./errors";
import { cutAll } from "./protocol/framing";
import type { ClientMessage, Completion } from "./protocol/types";
import type { ClientEvents } from "./upstream";

export interface ReceiverOptions {
    /** The hub's events with the current templates. */
    events(): ClientEvents;
    recorder: Recorder;
    /** Sends a message that is encoded already. */
    sendBytes(connection: Connection, bytes: Buffer): void;
    /** Runs after the client's previous event. An error that it rejects with ends the connection. Throws when too many bytes wait. */
    afterLast(connection: Connection, bytes: number, run: () => Promise<void>): void;
    /** Called when the client sent a close message. */
    leave(connection: Connection, error: string | undefined): void;
    warn(connection: Connection, message: string): void;
    /** Logs what a client may cause with every message, so not each one gets a line. */
    refuse(connection: Connection, message: string): void;
}

/** Records the completion that a client gets, and the end of its invocation. */
function noteEnd(end: {
    span: Span | undefined;
    invocationId: string | undefined;
    result: Buffer | Omit<Completion, "invocationId">;
}): void {
    const { span, invocationId, result } = end;
    const failure = Buffer.isBuffer(result) ? undefined : result.error;
    const fields = {
        outcome: failure === undefined ? "ok" : "failed",
        ...(failure !== undefined && { message: failure }),
    } as const;
    if (invocationId !== undefined) {
        span?.note("ack", { name: `completion ${invocationId}`, ...fields });
    }
    span?.end(fields);
}

/** Handles data that a client sent after its handshake. Throws `ProtocolError`. */
export type Receiver = (connection: Connection, data: Buffer) => void;

export function createReceiver(options: ReceiverOptions): Receiver {
    const { sendBytes, afterLast, warn } = options;

    function complete(connection: Connection, completion: Completion): void {
        if (connection.protocol !== undefined) {
            sendBytes(connection, connection.protocol.completion(completion));
        }
    }

    async function deliver(
        connection: Connection,
        message: ClientMessage & { type: "invocation" },
        span: Span | undefined,
    ): Promise<Buffer | Omit<Completion, "invocationId">> {
        const { target, invocationId } = message;
        const events = options.events();
        const answer = await events.message(connection, message, span);
        if (answer === undefined) {
            const reason = messages.noTemplate({
                event: target,
                category: "messages",
                count: events.templates.length,
            });
            warn(connection, reason);
            return { error: reason };
        }
        if (answer.status === 204 || (answer.status === 200 && answer.body.length === 0)) {
            return {};
        }
        if (answer.status !== 200) {
            warn(connection, `the upstream answered '${target}' with ${answer.status}; known are 200 and 204.`);
            return { error: messages.failedInvocation(answer.status) };
        }
        if (invocationId === undefined || connection.protocol?.isCompletion(answer.body, invocationId) === true) {
            return answer.body;
        }
        warn(connection, `the upstream's answer to '${target}' is not a completion of invocation ${invocationId}.`);
        return { error: messages.badCompletion };
    }

    /** Records an invocation; undefined when nobody looks. */
    function begin(connection: Connection, message: ClientMessage & { type: "invocation" }): Span | undefined {
        const { recorder } = options;
        return recorder.on
            ? recorder.begin("clientEvent", {
                  name: message.target,
                  connection: connection.connectionId,
                  ...(connection.userId !== undefined && { user: connection.userId }),
                  ...payload(message.payload, connection.protocol?.binary === true ? "binary" : "json"),
              })
            : undefined;
    }

    async function invoke(
        connection: Connection,
        message: ClientMessage & { type: "invocation" },
        span: Span | undefined,
    ): Promise<void> {
        if (connection.ended && connection.saidGoodbye !== true) {
            return;
        }
        const { invocationId, target } = message;
        let result: Buffer | Omit<Completion, "invocationId">;
        try {
            result = await deliver(connection, message, span);
        } catch (error) {
            const status = error instanceof UpstreamError ? (error.status ?? 500) : 500;
            const fix = ` A signalRTrigger of this hub, category messages and event '${target}', takes it.`;
            warn(connection, `'${target}' failed: ${messageOf(error)}${status === 404 ? fix : ""}`);
            result = { error: messages.failedInvocation(status) };
        }
        noteEnd({ span, invocationId, result });
        if (invocationId === undefined || connection.ended) {
            return;
        }
        if (Buffer.isBuffer(result)) {
            sendBytes(connection, result);
        } else {
            complete(connection, { invocationId, ...result });
        }
    }

    function refuse(connection: Connection, refusal: { invocationId: string | undefined; reason: string }): void {
        const { invocationId, reason } = refusal;
        options.refuse(connection, reason);
        if (invocationId !== undefined) {
            complete(connection, { invocationId, error: reason });
        }
    }

    function execute(connection: Connection, message: ClientMessage): void {
        switch (message.type) {
            case "invocation":
                if (message.isStreaming) {
                    refuse(connection, { ...message, reason: messages.noClientStream(message.target) });
                } else {
                    const span = begin(connection, message);
                    afterLast(connection, message.payload.length, () => invoke(connection, message, span));
                }
                return;
            case "streamInvocation":
                refuse(connection, { ...message, reason: messages.noStream(message.target) });
                return;
            case "close":
                options.leave(connection, message.error);
                return;
            case "other":
                return;
        }
    }

    return (connection, data) => {
        const { protocol } = connection;
        if (protocol === undefined || connection.ended) {
            return;
        }
        for (const message of cutAll(connection.cut, data).map(protocol.read)) {
            execute(connection, message);
        }
    };
}
