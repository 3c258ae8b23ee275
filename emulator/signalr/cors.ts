import type { IncomingMessage, ServerResponse } from "node:http";

/** Sets the CORS headers that let a page of an allowed origin read the answer. */
export function allowOrigin(options: {
    request: IncomingMessage;
    response: ServerResponse;
    /** Undefined allows all. */
    allowedOrigins: readonly string[] | undefined;
}): void {
    const { request, response, allowedOrigins = ["*"] } = options;
    const { origin } = request.headers;
    response.setHeader("Vary", "Origin");
    if (origin === undefined || !isAllowed(origin, allowedOrigins)) {
        return;
    }
    response.setHeader("Access-Control-Allow-Origin", origin);
    response.setHeader("Access-Control-Allow-Credentials", "true");
    if (request.method === "OPTIONS") {
        const headers = request.headers["access-control-request-headers"];
        response.setHeader("Access-Control-Allow-Methods", "GET, POST, DELETE");
        if (headers !== undefined) {
            response.setHeader("Access-Control-Allow-Headers", headers);
        }
        response.setHeader("Access-Control-Max-Age", "86400");
    }
}

function isAllowed(origin: string, allowed: readonly string[]): boolean {
    return allowed.some((entry) => entry === "*" || entry.replace(/\/$/, "").toLowerCase() === origin.toLowerCase());
}
