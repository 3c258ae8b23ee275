import { request as httpRequest, type IncomingMessage, type ServerResponse } from "node:http";
import { pipeline } from "node:stream";
import { checkHeader } from "./headers";
import { schemeOf } from "./toInvocation";

/** Forwards a request to the app's library, which serves it as a stream, and the answer back. Resolves when both have ended. */
export function proxyToLibrary(options: {
    httpUri: string;
    invocationId: string;
    request: IncomingMessage;
    response: ServerResponse;
    /** The body, if it was read already. Defaults to the body of the request. */
    body?: Buffer;
    hostName: string;
}): Promise<void> {
    const { request, response, body } = options;
    return new Promise((resolve, reject) => {
        const upstream = httpRequest(
            {
                host: "127.0.0.1",
                port: new URL(options.httpUri).port,
                method: request.method,
                path: request.url,
                headers: {
                    ...request.headers,
                    "x-ms-invocation-id": options.invocationId,
                    "x-forwarded-host": request.headers.host ?? options.hostName,
                    "x-forwarded-proto": schemeOf(request),
                },
            },
            (answer) => {
                const { "x-ms-invocation-id": _, connection: __, "keep-alive": ___, ...headers } = answer.headers;
                try {
                    // The host's server sends no other text, and forwards no part of such an answer.
                    for (const [name, value] of Object.entries(headers)) {
                        for (const text of [value ?? []].flat()) {
                            checkHeader({ name, value: text });
                        }
                    }
                    response.writeHead(answer.statusCode ?? 502, headers);
                } catch (error) {
                    answer.destroy();
                    reject(error);
                    return;
                }
                pipeline(answer, response, (error) => (error ? reject(error) : resolve()));
            },
        );
        upstream.on("error", reject);
        response.on("close", () => upstream.destroy());
        if (body === undefined) {
            request.pipe(upstream);
            // What the function leaves of the body goes, because the next request on the connection comes behind it.
            upstream.on("close", () => request.unpipe(upstream).resume());
        } else {
            upstream.end(body);
        }
    });
}
