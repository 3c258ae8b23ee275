import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { messageOf } from "../../../core/errors";
import { BodyTooLargeError, hasHungUp } from "../../../core/http";
import { createConnectionServer } from "../../../core/server";
import type { AuthAnswer, AuthQuestion } from "../../easyAuth";
import { handleAdmin } from "../admin/admin";
import type { Host } from "../host";
import { isTrue } from "../settings";
import { type HttpContext, sendText } from "./context";
import { applyCors } from "./cors";
import { addCustomHeaders, type CustomHeaders } from "./customHeaders";
import { authenticateCaller } from "./easyAuth";
import { forward } from "./forward";
import { handleFunctionRequest } from "./functionRequest";
import { createRequestQueue, type RequestQueue } from "./requestQueue";
import { urlOf } from "./toInvocation";
import { handleWebhook } from "./webhookRequest";

/** The host's HTTP server. It listens on no port, but gets connections from the supervisor. */
export interface HostServer {
    accept(socket: Socket): void;
    /** Finishes the requests that have begun, and forwards later ones to the app's port. Resolves when no connection is open. */
    drain(): Promise<void>;
}

/** Asks the platform about a caller's token. */
type Ask = (question: AuthQuestion) => Promise<AuthAnswer>;

export function createHostServer(host: Host, ask: Ask): HostServer {
    const { customHeaders, maxConcurrentRequests, maxOutstandingRequests } = host.hostJson;
    const queue = createRequestQueue({ running: maxConcurrentRequests, held: maxOutstandingRequests });
    const open = new Set<Socket>();
    let draining = false;
    let onEmpty: (() => void) | undefined;

    const { leaf, allowedHosts = [], port } = host.config;
    const server = createConnectionServer({
        port: () => port,
        settings: { allowedHosts, ...(leaf && { leaf: async () => leaf }) },
        log: host.log,
        // A request may take as long as its function, which functionTimeout limits.
        requestTimeout: 0,
        request: (request, response) => answer({ host, request, response, queue, ask, customHeaders, draining }),
    });

    return {
        accept(socket) {
            open.add(socket);
            socket.once("close", () => {
                open.delete(socket);
                if (open.size === 0) {
                    onEmpty?.();
                }
            });
            server.accept(socket);
        },
        drain() {
            draining = true;
            return open.size === 0
                ? Promise.resolve()
                : new Promise((resolve) => {
                      onEmpty = resolve;
                  });
        },
    };
}

interface Asked {
    host: Host;
    request: IncomingMessage;
    response: ServerResponse;
    queue: RequestQueue;
    ask: Ask;
}

async function answer(options: Asked & { draining: boolean; customHeaders?: CustomHeaders }): Promise<void> {
    const { draining, customHeaders, ...asked } = options;
    if (draining) {
        // The connection closes, so that its next request reaches the host that took over.
        await forward({ ...asked, port: asked.host.config.port });
        return;
    }
    // Writers of headers run from the last to the first, so CORS decides about a header that host.json gives too.
    const { cors, plan } = asked.host.config;
    const addHeaders = () => addCustomHeaders(asked.response, customHeaders ?? new Map());
    // On Linux Consumption the host itself does what the platform does elsewhere: AddScriptHost of WebScriptHostBuilderExtension.cs.
    const isPlatform = plan.sku === "FlexConsumption" || (plan.sku === "Dynamic" && plan.isLinux !== false);
    const addIfPlatform = () => (isPlatform ? addHeaders() : undefined);
    const { request, response } = asked;
    if (!applyCors({ cors, request, response, byHost: isPlatform, beforePreflight: addIfPlatform })) {
        await handle({ ...asked, addHeaders, addIfPlatform });
    }
}

async function handle(options: Asked & { addHeaders: () => void; addIfPlatform: () => void }): Promise<void> {
    const { host, request, response, addHeaders } = options;
    try {
        const url = urlOf({ request, hostName: host.config.hostName });
        // Kestrel refuses a path with a null character: Http1Connection.cs and UrlDecoder.cs of dotnet/aspnetcore.
        if (url === undefined || url.pathname.includes("%00")) {
            sendText({ response, status: 400, text: "The target or the Host header of the request is not valid." });
            return;
        }
        const { easyAuth: settings } = host.config;
        const { ask } = options;
        if (settings !== undefined) {
            options.addIfPlatform();
        }
        if (
            settings !== undefined &&
            !(await authenticateCaller({ settings, request, response, url, ask, log: host.log }))
        ) {
            return;
        }
        const context = { host, request, response, url };
        const path = url.pathname.toLowerCase();
        // A request that waits for too many others is turned away before its answer gets headers.
        const run = () => {
            addHeaders();
            return traceRequest(context, path);
        };
        if (path === "/admin" || path.startsWith("/admin/")) {
            addHeaders();
            await handleAdmin(context);
        } else if (!(await options.queue.run(run))) {
            host.log("info", `Http request queue limit of ${host.hostJson.maxOutstandingRequests} has been exceeded.`);
            sendText({ response, status: 429, headers: { "x-function-scaleout": "1" } });
        }
    } catch (error) {
        if (error instanceof BodyTooLargeError) {
            if (!response.headersSent) {
                response.setHeader("connection", "close");
            }
            sendText({
                response,
                status: 413,
                text: `Request body too large. The max request body size is ${error.limit} bytes.`,
            });
            return;
        }
        if (hasHungUp(request)) {
            response.destroy();
            return;
        }
        const [path] = (request.url ?? "").split("?");
        host.log("error", `${request.method} ${path} failed: ${messageOf(error)}`);
        sendText({ response, status: 500, text: messageOf(error) });
    }
}

function traceRequest(context: HttpContext, path: string): Promise<void> {
    const call = { request: context.request, response: context.response, path };
    return context.host.tracing.request(call, () => handleRequest(context, path));
}

async function handleRequest(context: HttpContext, path: string): Promise<void> {
    if (path.startsWith("/runtime/webhooks/")) {
        await handleWebhook(context);
    } else if (!(await handleFunctionRequest(context))) {
        sendHomeOrNothing(context);
    }
}

function sendHomeOrNothing(options: { host: Host; response: ServerResponse; url: URL }): void {
    const { host, response, url } = options;
    if (url.pathname !== "/") {
        sendText({ response, status: 404 });
    } else if (isTrue(host.settings.get("AzureWebJobsDisableHomepage"))) {
        sendText({ response, status: 204 });
    } else {
        const page = "<!DOCTYPE html><title>Functions</title><p>Your function app is up and running.</p>";
        response.writeHead(200, { "content-type": "text/html; charset=utf-8", "content-length": page.length });
        response.end(page);
    }
}
