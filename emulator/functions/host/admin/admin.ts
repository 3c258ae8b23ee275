import { readBody } from "../../../core/http";
import { hasWarmup } from "../extensions/warmup";
import { authenticate } from "../http/auth";
import { decodePart, type HttpContext, sendJson, sendText } from "../http/context";
import { forward } from "../http/forward";
import { parseIfJson, toTypedData } from "../rpc";
import { handleKeys } from "./keys";
import { describeHost } from "./status";

/** Serves `/admin/…`, the host runtime API. It needs the master key. */
export async function handleAdmin(context: HttpContext): Promise<void> {
    const { host, request, response, url } = context;
    const parts = url.pathname.split("/").slice(2).map(decodePart);
    const [area, name, ...rest] = parts;
    if (area === "host" && name === "ping") {
        sendText({ response, status: 200 });
        return;
    }
    // The function has run when the host started, and runs once. Source: ScriptRouteHandler.cs of azure-functions-host.
    if (area === "warmup" && parts.length === 1 && hasWarmup(host.config.plan)) {
        sendText({ response, status: 200 });
        return;
    }
    const match = await authenticate({ request, url, keys: host.keys() });
    if (match?.level !== "admin") {
        sendText({ response, status: match === undefined ? 401 : 403 });
        return;
    }
    if (area === "host" && name === "status" && request.method === "GET") {
        sendJson({ response, status: 200, value: describeHost(host) });
    } else if (area === "host" && name === "synctriggers" && request.method === "POST") {
        sendText({ response, status: 204 });
    } else if (await handleKeys({ context, parts })) {
        return;
    } else if (area === "functions" && rest.length === 0) {
        await handleFunctions({ context, name });
    } else {
        sendText({ response, status: 404 });
    }
}

async function handleFunctions({ context, name }: { context: HttpContext; name: string | undefined }): Promise<void> {
    const { host, request, response } = context;
    const describe = (fn: (typeof host.functions)[number]) => ({
        name: fn.name,
        config: { bindings: fn.bindings },
        isDisabled: fn.disabled === true,
        language: host.settings.get("FUNCTIONS_WORKER_RUNTIME") ?? "node",
    });
    if (name === undefined) {
        sendJson({ response, status: 200, value: host.functions.map(describe) });
        return;
    }
    const fn = host.functions.find((candidate) => candidate.name.toLowerCase() === name.toLowerCase());
    if (fn === undefined) {
        sendText({ response, status: 404 });
    } else if (request.method === "POST" && host.upstream !== undefined) {
        await forward({ request, response, port: host.upstream, keepsOpen: true });
    } else if (request.method === "POST") {
        const body = parseIfJson((await readBody(request, host.bodyLimit)).toString());
        const input = typeof body === "object" && body !== null ? (body as { input?: unknown }).input : undefined;
        sendText({ response, status: 202 });
        // The caller does not wait for the function, and the invocation logs its failure.
        host.invoke({ fn, input: toTypedData(input ?? ""), data: {} }).catch(() => undefined);
    } else {
        sendJson({ response, status: 200, value: describe(fn) });
    }
}
