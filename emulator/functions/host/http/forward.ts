import { request as httpRequest, type IncomingMessage, type ServerResponse } from "node:http";
import { pipeline } from "node:stream";
import { messageOf } from "../../../core/errors";
import { sendText } from "./context";
import { schemeOf } from "./toInvocation";

/**
 * Forwards a request to another port of this machine, and the answer back. Resolves when the answer is sent. Without `keepsOpen` the
 * client's connection closes after it.
 */
export function forward(options: {
    request: IncomingMessage;
    response: ServerResponse;
    port: number;
    keepsOpen?: boolean;
}): Promise<void> {
    const { request, response, port, keepsOpen = false } = options;
    return new Promise((resolve) => {
        const onward = httpRequest(
            {
                host: "127.0.0.1",
                port,
                method: request.method,
                path: request.url,
                headers: keepsOpen
                    ? { ...request.headers, connection: "close", "x-forwarded-proto": schemeOf(request) }
                    : request.headers,
                agent: false,
            },
            (answer) => {
                const { connection: _, "keep-alive": __, ...headers } = answer.headers;
                try {
                    response.writeHead(answer.statusCode ?? 502, {
                        ...headers,
                        ...(!keepsOpen && { connection: "close" }),
                    });
                } catch (error) {
                    // Another process wrote the answer. Node refuses some of what it reads, such as the status 99.
                    onward.destroy();
                    sendText({ response, status: 502, text: messageOf(error) });
                    resolve();
                    return;
                }
                pipeline(answer, response, () => resolve());
            },
        );
        onward.on("error", (error) => {
            sendText({ response, status: 503, text: messageOf(error) });
            resolve();
        });
        response.once("close", () => {
            onward.destroy();
            resolve();
        });
        pipeline(request, onward, () => undefined);
    });
}
