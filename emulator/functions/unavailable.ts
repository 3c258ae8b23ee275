import { type ConnectionServer, createConnectionServer, type ServerSettings } from "../core/server";

/** Answers every request with 503 and the reason, while no host serves. */
export function createUnavailableServer(options: {
    port: number;
    settings: ServerSettings | undefined;
    reason(): string;
}): ConnectionServer {
    return createConnectionServer({
        port: () => options.port,
        settings: options.settings,
        log: () => undefined,
        request(_request, response) {
            const body = Buffer.from(`Function host is not running.\n${options.reason()}\n`);
            response.writeHead(503, {
                "Content-Type": "text/plain; charset=utf-8",
                "Content-Length": body.length,
                "Retry-After": "1",
                // The next request may find a host that runs.
                Connection: "close",
            });
            response.end(body);
        },
    });
}
