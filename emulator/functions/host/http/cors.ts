import type { IncomingMessage, ServerResponse } from "node:http";
import type { CorsSettings } from "../../options";

const prefix = "access-control-";

/**
 * Answers a page of another origin as the platform does, before any key is asked for and any function runs. Returns whether the
 * request was a preflight, which is then answered; another request goes on, and its answer gets the headers.
 *
 * Every preflight is answered, also that of an origin that is not allowed: with 204 and no header. Sources: CorsOptionsSetup.cs and
 * JobHostCorsMiddleware.cs of Azure/azure-functions-host, which Flex Consumption runs, and the CORS service of dotnet/aspnetcore that
 * they use. That the other plans replace the headers of the app is told in Azure/azure-functions-host#1303.
 */
export function applyCors(options: {
    cors: CorsSettings | undefined;
    request: IncomingMessage;
    response: ServerResponse;
}): boolean {
    const { cors, request, response } = options;
    const origin = request.headers.origin;
    if (cors === undefined || origin === undefined) {
        return false;
    }
    const headers = isAllowed(cors, origin) ? headersFor(cors, origin) : undefined;
    const method = request.headers["access-control-request-method"];
    if (request.method === "OPTIONS" && method !== undefined) {
        const wanted = listOf(request.headers["access-control-request-headers"]);
        response.writeHead(204, {
            ...headers,
            ...(headers !== undefined && { "access-control-allow-methods": method }),
            ...(headers !== undefined && wanted !== "" && { "access-control-allow-headers": wanted }),
        });
        response.end();
        return true;
    }
    if (headers !== undefined || cors.allowedOrigins.length > 0) {
        replaceHeaders(response, headers ?? {});
    }
    return false;
}

function headersFor({ allowedOrigins, supportCredentials }: CorsSettings, origin: string): Record<string, string> {
    const isAny = allowedOrigins.includes("*");
    return {
        "access-control-allow-origin": isAny ? "*" : origin,
        ...(supportCredentials === true && { "access-control-allow-credentials": "true" }),
        ...(!isAny && allowedOrigins.length > 1 && { vary: "Origin" }),
    };
}

function isAllowed({ allowedOrigins }: CorsSettings, origin: string): boolean {
    return allowedOrigins.some((allowed) => allowed === "*" || fits(allowed.toLowerCase(), origin.toLowerCase()));
}

/** `https://*.example.com` stands for every name below example.com. */
function fits(allowed: string, origin: string): boolean {
    const [before = "", after] = allowed.split("*.");
    if (after === undefined) {
        return allowed === origin;
    }
    const name = origin.slice(before.length, -after.length);
    return origin.startsWith(before) && origin.endsWith(`.${after}`) && /^[a-z0-9.-]+\.$/.test(name);
}

function listOf(value: string | undefined): string {
    return (value ?? "")
        .split(",")
        .map((part) => part.trim())
        .filter((part) => part !== "")
        .join(",");
}

/** Puts the platform's headers in the place of those that the app gives. */
function replaceHeaders(response: ServerResponse, headers: Record<string, string>): void {
    const original = response.writeHead.bind(response) as (status: number, headers?: object) => ServerResponse;
    response.writeHead = ((status: number, ...more: unknown[]) => {
        const given = more.find((part): part is Record<string, unknown> => typeof part === "object" && part !== null);
        for (const name of response.getHeaderNames()) {
            if (name.startsWith(prefix)) {
                response.removeHeader(name);
            }
        }
        const kept = Object.entries(given ?? {}).filter(([name]) => !name.toLowerCase().startsWith(prefix));
        const vary = [...kept.filter(([name]) => name.toLowerCase() === "vary").map(([, value]) => String(value))];
        const others = kept.filter(([name]) => name.toLowerCase() !== "vary");
        const own = response.getHeader("vary");
        const all = [...(own === undefined ? [] : [String(own)]), ...vary, headers.vary].filter(
            (part) => part !== undefined,
        );
        return original(status, {
            ...Object.fromEntries(others),
            ...headers,
            ...(all.length > 0 && { vary: [...new Set(all)].join(", ") }),
        });
    }) as ServerResponse["writeHead"];
}
