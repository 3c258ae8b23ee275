import {
    createServer,
    request as httpRequest,
    type IncomingMessage,
    type Server,
    type ServerResponse,
} from "node:http";
import type { Socket } from "node:net";
import { pipeline } from "node:stream";
import { handleAdmin } from "../admin/admin";
import type { Host } from "../host";
import { messageOf } from "../log";
import { isTrue } from "../settings";
import { BodyTooLargeError } from "./body";
import { sendText } from "./context";
import { handleFunctionRequest } from "./functionRequest";
import { urlOf } from "./toInvocation";
import { handleWebhook } from "./webhookRequest";

/** The HTTP side of the host. It has no port: connections are handed to it. */
export interface HostServer {
    accept(socket: Socket): void;
    /** From now on this host only ends what it began; what else arrives here goes to the app's port. Resolves when nothing is open. */
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
    // The host answers a function when it ends, however long that takes; functionTimeout is what limits it.
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
            sendText({ response, status: 413, text: error.message });
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

/** A connection that was kept open from before belongs to the host that took over. */
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
