import { messageOf } from "../../../../core/errors";
import { parseNewtonsoft } from "../../bindings/newtonsoft";
import type { WebhookResponse } from "../extension";
import { encodeAck } from "./packet";

/** The event to answer: a connect, or a user event whose sender waits. */
export type AnswerContext = { kind: "connect" } | { kind: "event"; namespace: string; ackId: number };

/** Turns a function's result into the answer to the service. Undefined when the result says nothing, which means 200. */
export function buildAnswer({
    value,
    context,
}: {
    value: unknown;
    context: AnswerContext;
}): WebhookResponse | undefined {
    if (value === undefined || value === null) {
        return undefined;
    }
    if (typeof value === "number") {
        // Numbers do not reach the extension as JSON, so it ignores them.
        return undefined;
    }
    try {
        return build({ value: typeof value === "string" ? parseText(value) : value, context });
    } catch (error) {
        return { status: 500, body: messageOf(error) };
    }
}

function build({ value, context }: { value: unknown; context: AnswerContext }): WebhookResponse {
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
        throw new Error("Response should be a JObject.");
    }
    const { statusCode, ack } = value as { statusCode?: unknown; ack?: unknown };
    const status = readStatus(statusCode);
    if (context.kind === "connect" || ack === undefined || ack === null) {
        return { status };
    }
    if (!Array.isArray(ack)) {
        throw new Error(`The response's 'ack' must be an array, not ${typeof ack}.`);
    }
    return ack.length === 0 ? { status } : { status, body: encodeAck({ ...context, ack }) };
}

function parseText(text: string): unknown {
    try {
        return parseNewtonsoft(text);
    } catch {
        throw new Error(
            "The response is a text that is not JSON. Return an object such as { ack: [1] } or { statusCode: 403 }.",
        );
    }
}

function readStatus(statusCode: unknown): number {
    if (statusCode === undefined || statusCode === null) {
        return 200;
    }
    const status = Number(statusCode);
    if (!Number.isInteger(status) || status < 100 || status > 599) {
        throw new Error(
            `The response's 'statusCode' must be a number from 100 to 599, not ${JSON.stringify(statusCode)}.`,
        );
    }
    return status;
}
