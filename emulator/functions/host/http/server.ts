import {
    createServer,
    request as httpRequest,
    type IncomingMessage,
    type Server,
    type ServerResponse,
} from "node:http";
import type { Socket } from "node:net";
import { pipeline } from "node:stream";
import { messageOf } from "../../../core/errors";
import { BodyTooLargeError } from "../../../core/http";
import { handleAdmin } from "../admin/admin";
import type { Host } from "../host";
import { isTrue } from "../settings";
import { sendText } from "./context";
import { handleFunctionRequest } from "./functionRequest";
import { urlOf } from "./toInvocation";
import { handleWebhook } from "./webhookRequest";

/** The host's HTTP server. It listens on no port, but gets connections from the supervisor. */
export interface HostServer {
    accept(socket: Socket): void;
    /** Finishes the requests that have begun, and forwards later ones to the app's port. Resolves when no connection is open. */
    drain(): Promise<void>;
}

export function createHostServer(host: Host): HostServer {
    const open = new Set<Socket>();
    let draining = false;
    let onEmpty: (() => void) | undefined;

    const server: Server = createServer((request, response) => {
        if (draining) {
            forward({ request, response, port: host.config.port });
            return;
        }
        void handle({ host, request, response });
    });
    // A request may take as long as its function, which functionTimeout limits.
    server.requestTimeout = 0;
    server.headersTimeout = 60_000;

    return {
        accept(socket) {
            open.add(socket);
            socket.once("close", () => {
                open.delete(socket);
                if (open.size === 0) {
                    onEmpty?.();
                }
            });
            server.emit("connection", socket);
            socket.resume();
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

async function handle(options: { host: Host; request: IncomingMessage; response: ServerResponse }): Promise<void> {
    const { host, request, response } = options;
    const url = urlOf({ request, hostName: host.config.hostName });
    const context = { host, request, response, url };
    const path = url.pathname.toLowerCase();
    try {
        if (path === "/admin" || path.startsWith("/admin/")) {
            await handleAdmin(context);
        } else if (path.startsWith("/runtime/webhooks/")) {
            await handleWebhook(context);
        } else if (!(await handleFunctionRequest(context))) {
            sendHomeOrNothing(context);
        }
    } catch (error) {
        if (error instanceof BodyTooLargeError) {
            response.setHeader("connection", "close");
            sendText({
                response,
                status: 413,
                text: `Request body too large. The max request body size is ${error.limit} bytes.`,
            });
            return;
        }
        host.log("error", `${request.method} ${url.pathname} failed: ${messageOf(error)}`);
        sendText({ response, status: 500, text: messageOf(error) });
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

/** Forwards a request on a kept-alive connection to the host that took over. */
function forward(options: { request: IncomingMessage; response: ServerResponse; port: number }): void {
    const { request, response, port } = options;
    const onward = httpRequest(
        { host: "127.0.0.1", port, method: request.method, path: request.url, headers: request.headers, agent: false },
        (answer) => {
            response.writeHead(answer.statusCode ?? 502, { ...answer.headers, connection: "close" });
            pipeline(answer, response, () => undefined);
        },
    );
    onward.on("error", (error) => sendText({ response, status: 503, text: messageOf(error) }));
    pipeline(request, onward, () => undefined);
}
