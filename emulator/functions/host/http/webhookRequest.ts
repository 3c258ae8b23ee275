import { createDictionary } from "../../../core/dictionary";
import { messageOf } from "../../../core/errors";
import { readBody } from "../../../core/http";
import type { WebhookRequest } from "../extensions/extension";
import { authenticate, refuseWebhook } from "./auth";
import { decodePart, type HttpContext, sendText } from "./context";
import { forward } from "./forward";
import { decodeHeader } from "./headers";

const methods = new Set(["GET", "PUT", "POST", "DELETE", "OPTIONS"]);

/** Serves `/runtime/webhooks/{extension}/…`. It needs the extension's system key or the master key. */
export async function handleWebhook(context: HttpContext): Promise<void> {
    const { host, request, response, url } = context;
    const name = decodePart(url.pathname.split("/")[3] ?? "").toLowerCase();
    if (!methods.has(request.method ?? "")) {
        sendText({ response, status: 405 });
        return;
    }
    const refusal = refuseWebhook({
        match: await authenticate({ request, url, keys: host.keys() }),
        keyName: `${name}_extension`,
        hasPrincipal: request.headers["x-ms-client-principal"] !== undefined,
    });
    if (refusal !== undefined) {
        sendText({ response, status: refusal });
        return;
    }
    if (host.upstream !== undefined) {
        await forward({ request, response, port: host.upstream, keepsOpen: true });
        return;
    }
    const handler = host.webhooks.get(name);
    if (handler?.webhook === undefined) {
        sendText({ response, status: 404 });
        return;
    }
    const body = await readBody(request, host.bodyLimit);
    try {
        const answer = await handler.webhook({
            method: request.method ?? "",
            headers: headerLists(request.rawHeaders),
            body,
        });
        const unstarted = host.unstarted.get(name);
        if (answer.status === 404 && unstarted !== undefined) {
            host.tracing.why({
                name: unstarted,
                code: "planDoesNotStart",
                outcome: "failed",
                message: `On Flex Consumption no listener of function '${unstarted}' is started, so its events are answered with 404.`,
                fix: 'Set plan of the backend to "Consumption", "ElasticPremium" or "Dedicated".',
            });
        }
        const text = typeof answer.body === "string" ? Buffer.from(answer.body) : (answer.body ?? Buffer.alloc(0));
        response.writeHead(answer.status, {
            ...(answer.body === undefined ? {} : { "content-type": "text/plain; charset=utf-8" }),
            ...answer.headers,
            "content-length": text.length,
        });
        response.end(text);
    } catch (error) {
        host.log("error", `Webhook '${name}': an unhandled exception has occurred: ${messageOf(error)}`);
        sendText({ response, status: 500 });
    }
}

/** All values of each header, decoded, by name in lower case. */
export function headerLists(raw: readonly string[]): WebhookRequest["headers"] {
    const headers = createDictionary<string[]>();
    for (let index = 0; index + 1 < raw.length; index += 2) {
        const name = raw[index]!.toLowerCase();
        headers[name] ??= [];
        headers[name].push(decodeHeader(raw[index + 1]!));
    }
    return headers;
}
