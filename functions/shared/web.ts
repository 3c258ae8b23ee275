import { app, type FunctionInput, type HttpMethod, type HttpResponseInit } from "@azure/functions";
import { maxUserId } from "./names";
import { loadPage } from "./page";

/** Serves the app's page under `GET /api/index`. */
export function servePage(): void {
    app.http("index", {
        methods: ["GET"],
        authLevel: "anonymous",
        handler: async () => {
            const { html, policy } = await loadPage();
            return {
                body: html,
                headers: {
                    "Content-Type": "text/html; charset=utf-8",
                    "Content-Security-Policy": policy,
                    "X-Content-Type-Options": "nosniff",
                    "Referrer-Policy": "no-referrer",
                    "Cache-Control": "no-cache",
                },
            };
        },
    });
}

interface AccessOptions {
    functionName: string;
    method: HttpMethod;
    /** Path under `/api/`. Defaults to the function's name. */
    route?: string;
    /** The binding that creates the URL and the token. */
    access: FunctionInput;
}

/** Serves the URL and token for a client. The answer is never cached, and a name that is too long gets 400. */
export function handOutAccess({ functionName, method, route, access }: AccessOptions): void {
    app.http(functionName, {
        methods: [method],
        authLevel: "anonymous",
        route,
        extraInputs: [access],
        handler: (request, context): HttpResponseInit => {
            const headers = { "Cache-Control": "no-store" };
            const userId = request.query.get("userId") ?? "";
            return userId.length > maxUserId
                ? {
                      status: 400,
                      headers,
                      jsonBody: { error: `userId has ${userId.length} characters: it may have at most ${maxUserId}` },
                  }
                : { headers, jsonBody: context.extraInputs.get(access) };
        },
    });
}
