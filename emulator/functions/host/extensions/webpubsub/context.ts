import { createDictionary } from "../../../../core/dictionary";
import { messageOf } from "../../../../core/errors";
import type { WebhookRequest, WebhookResponse } from "../extension";
import { type Caller, splitList } from "../service/validation";
import { allowsEvent, allowsOrigin } from "./callers";
import { parseEventHeaders } from "./events";
import { readEvent } from "./request";

/** Value of a `webPubSubContext` input: the event in an HTTP request, or the answer to a request that is no event. */
export interface WebPubSubContext {
    request: unknown;
    response: { body: string; status: number; headers: Record<string, string[]> };
    errorMessage: string | null;
    hasError: boolean;
    isPreflight: boolean;
}

export function readContext({
    request,
    callers,
}: {
    request: WebhookRequest | undefined;
    callers: readonly Caller[];
}): WebPubSubContext {
    if (request === undefined) {
        return failed(400, "HttpContext is null.");
    }
    const origins = request.headers["webhook-request-origin"];
    if (request.method === "OPTIONS" && origins !== undefined) {
        const answer = answerPreflight({ origins: splitList(origins.join(",")), callers });
        return {
            request: { connectionContext: null, isValid: answer.status === 200 },
            response: toResponse(answer),
            errorMessage: null,
            hasError: false,
            isPreflight: true,
        };
    }
    return readUpstream({ request, callers });
}

/** Answers the abuse-protection handshake, which asks whether the service may send events here. */
export function answerPreflight(options: { origins: readonly string[]; callers: readonly Caller[] }): WebhookResponse {
    return allowsOrigin(options) ? { status: 200, headers: { "WebHook-Allowed-Origin": "*" } } : { status: 400 };
}

function readUpstream({ request, callers }: { request: WebhookRequest; callers: readonly Caller[] }): WebPubSubContext {
    let context: ReturnType<typeof parseEventHeaders>;
    try {
        context = parseEventHeaders(request);
    } catch {
        return failed(400, "Invalid Web PubSub upstream request missing required fields in header.");
    }
    if (!allowsEvent({ callers, context })) {
        return failed(401, "Signature validation failed.");
    }
    try {
        return {
            request: readEvent({ context, request }),
            response: toResponse({ status: 200 }),
            errorMessage: null,
            hasError: false,
            isPreflight: false,
        };
    } catch (error) {
        return failed(400, messageOf(error));
    }
}

function failed(status: number, message: string): WebPubSubContext {
    return {
        request: null,
        response: toResponse({ status, body: message }),
        errorMessage: message,
        hasError: true,
        isPreflight: false,
    };
}

function toResponse({ status, headers = {}, body = "" }: WebhookResponse): WebPubSubContext["response"] {
    const lists = createDictionary<string[]>();
    for (const [name, value] of Object.entries(headers)) {
        lists[name] = [value];
    }
    return { body: String(body), status, headers: lists };
}
