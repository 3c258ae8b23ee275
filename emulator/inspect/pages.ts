import { readdirSync, readFileSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { extname, join } from "node:path";

/** Serves the files of the page. They hold no data. */
export interface Pages {
    serve(call: { request: IncomingMessage; response: ServerResponse; path: string }): void;
}

const types = new Map([
    [".html", "text/html; charset=utf-8"],
    [".css", "text/css; charset=utf-8"],
    [".js", "text/javascript; charset=utf-8"],
    [".svg", "image/svg+xml"],
]);

/** Scripts and styles of this origin only, and connections to this machine only, so that data of a client cannot become code. */
const policy = [
    "default-src 'self'",
    "connect-src 'self' ws://127.0.0.1:* ws://localhost:* http://127.0.0.1:* http://localhost:*",
    "img-src 'self' data:",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "object-src 'none'",
].join("; ");

/** Reads the files at the first request. Only files that lie in the folder itself are served. */
export function createPages(folder: () => string): Pages {
    let files: Map<string, Buffer> | undefined;

    function read(): Map<string, Buffer> {
        const place = folder();
        const names = readdirSync(place).filter((name) => types.has(extname(name)));
        return new Map(names.map((name) => [`/${name}`, readFileSync(join(place, name))]));
    }

    return {
        serve({ request, response, path }) {
            files ??= read();
            const name = path === "/" ? "/index.html" : path;
            const content = path === "/index.html" ? undefined : files.get(name);
            if (content === undefined || (request.method !== "GET" && request.method !== "HEAD")) {
                response.writeHead(404, { "Content-Type": "text/plain; charset=utf-8", Connection: "close" });
                response.end("There is nothing here.\n");
                return;
            }
            response.writeHead(200, {
                "Content-Type": types.get(extname(name)),
                "Content-Length": content.length,
                "Content-Security-Policy": policy,
                "X-Frame-Options": "DENY",
                "Cross-Origin-Opener-Policy": "same-origin",
                "Cross-Origin-Resource-Policy": "same-origin",
            });
            response.end(request.method === "HEAD" ? undefined : content);
        },
    };
}
