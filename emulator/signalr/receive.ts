import { messageOf } from "../core/errors";
import { UpstreamError } from "../core/upstream/errors";
import type { Connection } from "./connection";
import { messages } from "./errors";
import { cutAll } from "./protocol/framing";
import type { ClientMessage, Completion } from "./protocol/types";
import type { ClientEvents } from "./upstream";

export interface ReceiverOptions {
    /** The hub's events with the current templates. */
    events(): ClientEvents;
    /** Sends a message that is encoded already. */
    sendBytes(connection: Connection, bytes: Buffer): void;
    /** Runs after the client's previous event. An error that it rejects with ends the connection. */
    afterLast(connection: Connection, run: () => Promise<void>): void;
    /** Called when the client sent a close message. */
    leave(connection: Connection, error: string | undefined): void;
    warn(connection: Connection, message: string): void;
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
    ): Promise<Buffer | Omit<Completion, "invocationId">> {
        const { target, invocationId } = message;
        const events = options.events();
        const answer = await events.message(connection, message);
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

    async function invoke(connection: Connection, message: ClientMessage & { type: "invocation" }): Promise<void> {
        if (connection.ended) {
            return;
        }
        const { invocationId, target } = message;
        let result: Buffer | Omit<Completion, "invocationId">;
        try {
            result = await deliver(connection, message);
        } catch (error) {
            warn(connection, `'${target}' failed: ${messageOf(error)}`);
            const status = error instanceof UpstreamError ? (error.status ?? 500) : 500;
            result = { error: messages.failedInvocation(status) };
        }
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
        warn(connection, reason);
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
                    afterLast(connection, () => invoke(connection, message));
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
