import type { IncomingMessage, ServerResponse } from "node:http";
import type { CorsSettings } from "../../options";

const prefix = "access-control-";

/**
 * Answers a page of another origin as the platform does, before any key is asked for and any function runs. Returns whether the
 * request was a preflight, which is then answered; another request goes on, and its answer gets the headers.
 *
 * Every preflight is answered, also that of an origin that is not allowed: with 204 and no header. Sources: CorsOptionsSetup.cs and
 * JobHostCorsMiddleware.cs of Azure/azure-functions-host, which Linux Consumption and Flex Consumption run, and the CORS service of
 * dotnet/aspnetcore that they use: it knows no wildcards and sets its own headers only. That the other plans replace the headers of the
 * app is told in Azure/azure-functions-host#1303.
 */
export function applyCors(options: {
    cors: CorsSettings | undefined;
    request: IncomingMessage;
    response: ServerResponse;
    /** Whether the host itself answers, not the platform before it. Defaults to false. */
    byHost?: boolean;
    /** Called before the answer to a preflight. */
    beforePreflight?: () => void;
}): boolean {
    const { cors, request, response, byHost = false } = options;
    const origin = request.headers.origin;
    if (cors === undefined || origin === undefined) {
        return false;
    }
    const headers = isAllowed({ cors, origin, byHost }) ? headersFor(cors, origin) : undefined;
    const method = request.headers["access-control-request-method"];
    if (request.method === "OPTIONS" && method !== undefined) {
        options.beforePreflight?.();
        const wanted = listOf(request.headers["access-control-request-headers"]);
        response.writeHead(204, {
            ...headers,
            ...(headers !== undefined && { "access-control-allow-methods": method }),
            ...(headers !== undefined && wanted !== "" && { "access-control-allow-headers": wanted }),
        });
        response.end();
        return true;
    }
    if (headers !== undefined || (cors.allowedOrigins.length > 0 && !byHost)) {
        const own = new Set(Object.keys(headers ?? {}).filter((name) => name !== "vary"));
        const isReplaced = (name: string) => (byHost ? own.has(name) : name.startsWith(prefix));
        replaceHeaders({ response, headers: headers ?? {}, isReplaced });
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

function isAllowed({ cors, origin, byHost }: { cors: CorsSettings; origin: string; byHost: boolean }): boolean {
    const wanted = origin.toLowerCase();
    return cors.allowedOrigins.some((given) => {
        const allowed = given.toLowerCase();
        return allowed === "*" || allowed === wanted || (!byHost && fits(allowed, wanted));
    });
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
function replaceHeaders(options: {
    response: ServerResponse;
    headers: Record<string, string>;
    /** Whether a header of the app goes, by its name in lower case. */
    isReplaced(name: string): boolean;
}): void {
    const { response, headers, isReplaced } = options;
    const original = response.writeHead.bind(response) as (status: number, headers?: object) => ServerResponse;
    response.writeHead = ((status: number, ...more: unknown[]) => {
        const given = more.find((part): part is Record<string, unknown> => typeof part === "object" && part !== null);
        for (const name of response.getHeaderNames()) {
            if (isReplaced(name)) {
                response.removeHeader(name);
            }
        }
        const kept = Object.entries(given ?? {}).filter(([name]) => !isReplaced(name.toLowerCase()));
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
