import { createServer, type IncomingHttpHeaders } from "node:http";
import { closeServer, listen } from "../../emulator/core/http";

export interface HandlerRequest {
    method: string;
    /** Path and query. */
    url: string;
    headers: IncomingHttpHeaders;
    body: string;
}

export interface HandlerAnswer {
    status?: number;
    headers?: Record<string, string | string[]>;
    body?: string;
}

/** `hang` keeps the request open, `reset` cuts its connection. */
export type Respond = (request: HandlerRequest) => HandlerAnswer | "hang" | "reset" | Promise<HandlerAnswer>;

export interface EventHandlerServer {
    url: string;
    requests: HandlerRequest[];
    /** The requests that carried an event. */
    events(): HandlerRequest[];
    /** Answers the following requests. */
    respond: Respond;
    close(): Promise<void>;
}

export const allowAll: HandlerAnswer = { status: 200, headers: { "WebHook-Allowed-Origin": "*" } };

/** A stand-in for a function app: an HTTP server that records its requests. By default it allows every origin. */
export async function startEventHandler(respond: Respond = () => ({})): Promise<EventHandlerServer> {
    const handler: EventHandlerServer = {
        url: "",
        requests: [],
        events: () => handler.requests.filter(({ method }) => method === "POST"),
        respond,
        close: () => closeServer(server),
    };
    const server = createServer(async (request, response) => {
        let body = "";
        for await (const chunk of request.setEncoding("utf8")) {
            body += chunk;
        }
        const seen: HandlerRequest = {
            method: request.method ?? "",
            url: request.url ?? "",
            headers: request.headers,
            body,
        };
        handler.requests.push(seen);
        const answer = await handler.respond(seen);
        if (answer === "reset") {
            request.socket.destroy();
        } else if (answer !== "hang") {
            const fallback = seen.method === "OPTIONS" ? allowAll.headers : {};
            response.writeHead(answer.status ?? 200, answer.headers ?? fallback);
            response.end(answer.body);
        }
    });
    handler.url = `http://localhost:${await listen(server)}`;
    return handler;
}
