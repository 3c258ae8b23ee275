import { messageOf } from "../../../../core/errors";
import type { WebhookResponse } from "../extension";
import { contentTypes, readData, readDataType } from "./data";
import { encodeStates, mergeStates, type States } from "./states";

const errorStatuses = new Map([
    ["unauthorized", 401],
    ["usererror", 400],
    ["servererror", 500],
]);

/** Turns a function's result into the answer to the service. A `code` other than `success` overrides everything else. */
export function buildAnswer(options: { value: unknown; kind: "connect" | "user"; states: States }): WebhookResponse {
    const { value, kind } = options;
    try {
        if (typeof value !== "object" || value === null || Array.isArray(value)) {
            throw new Error("Response should be a JObject.");
        }
        const fields = value as Record<string, unknown>;
        const status = readError(fields.code);
        if (status !== undefined) {
            return { status, body: String(fields.errorMessage ?? "") };
        }
        const states = mergeStates(options.states, fields.states);
        const answer = kind === "connect" ? buildConnect(fields) : buildMessage(fields);
        return states.size === 0
            ? answer
            : { ...answer, headers: { ...answer.headers, "ce-connectionState": encodeStates(states) } };
    } catch (error) {
        return { status: 500, body: messageOf(error) };
    }
}

/** The status for an error code; undefined for success. Throws for an unknown code. */
function readError(code: unknown): number | undefined {
    if (code === undefined || (typeof code === "string" && code.toLowerCase() === "success")) {
        return undefined;
    }
    const status = typeof code === "string" ? errorStatuses.get(code.toLowerCase()) : undefined;
    if (status === undefined) {
        throw new Error(
            `'code' is ${JSON.stringify(code)}. It must be unauthorized, userError, serverError or success.`,
        );
    }
    return status;
}

function buildConnect(fields: Record<string, unknown>): WebhookResponse {
    const { userId = null, groups = null, subprotocol = null, roles = null } = fields;
    return {
        status: 200,
        headers: { "content-type": contentTypes.json },
        body: JSON.stringify({ userId, groups, subprotocol, roles }),
    };
}

function buildMessage({ data, dataType }: Record<string, unknown>): WebhookResponse {
    const headers = { "content-type": contentTypes[readDataType(dataType)] };
    return data === undefined || data === null
        ? { status: 200, headers }
        : { status: 200, headers, body: readData(data) };
}
