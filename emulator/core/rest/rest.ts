import type { IncomingMessage, ServerResponse } from "node:http";
import { FilterError } from "../filter/filter";
import { hasHungUp, splitUrl } from "../http";
import type { Recorder, Span } from "../inspect";
import type { RestAuthorizer } from "./authorize";
import { badRequest, RestError, validationProblem } from "./errors";
import { checkParameters } from "./names";
import { beginRest, explainRefusal } from "./record";
import { createRouter } from "./router";

export interface RestCall {
    request: IncomingMessage;
    parameters: Record<string, string>;
    query: URLSearchParams;
    /** Path as sent, without the query. */
    path: string;
    /** The call, when somebody records it. */
    span?: Span;
}

export interface RestAnswer {
    status: number;
    /** Sent as JSON. */
    body?: unknown;
    /** Whether the answer leaves out the versions that the service knows. */
    unversioned?: boolean;
}

export interface RestRoute {
    method: "GET" | "HEAD" | "POST" | "PUT" | "DELETE";
    /** `{name}` stands for one segment. */
    path: string;
    /** Who may call. Defaults to an access key's token or an Entra token. */
    access?: "anyone" | "entra";
    handle(call: RestCall): RestAnswer | Promise<RestAnswer>;
}

export interface RestOptions {
    routes: readonly RestRoute[];
    apiVersions: readonly string[];
    authorize: RestAuthorizer;
    recorder: Recorder;
    onRefused(call: { method: string; path: string; error: RestError }): void;
    onCrash(error: unknown): void;
}

export type RestHandler = (request: IncomingMessage, response: ServerResponse) => void;

/** Serves a data plane. Path, method, api-version, names, caller and body are checked in this order; a refusal's body says why. */
export function createRest(options: RestOptions): RestHandler {
    const router = createRouter(options.routes);
    const versions = options.apiVersions.join(", ");

    async function answer(request: IncomingMessage, span: Span | undefined): Promise<RestAnswer> {
        const { path, search } = splitUrl(request.url ?? "/");
        const query = new URLSearchParams(search);
        const match = router.find(request.method ?? "GET", path);
        if (match.kind === "path") {
            throw new RestError(404, `There is nothing at '${path}'.`, { code: "Error.NotFound" });
        }
        if (match.kind === "method") {
            throw new RestError(405, `'${path}' takes ${match.allowed.join(", ")}.`, {
                code: "Error.MethodNotAllowed",
                allow: match.allowed,
            });
        }
        checkApiVersion(query, options.apiVersions);
        checkParameters(match.parameters);
        if (match.route.access !== "anyone") {
            await options.authorize({ request, path, entraOnly: match.route.access === "entra" });
        }
        const { hub } = match.parameters;
        if (span !== undefined && hub !== undefined) {
            span.event.hub = hub;
        }
        return match.route.handle({ request, parameters: match.parameters, query, path, ...(span && { span }) });
    }

    return (request, response) => {
        const span = beginRest(options.recorder, request);
        answer(request, span)
            .catch((error: unknown) => {
                const refusal = toRestError(error);
                if (refusal === undefined) {
                    if (!hasHungUp(request)) {
                        options.onCrash(error);
                    }
                    return toAnswer(
                        new RestError(500, "The emulator failed; its log says why.", {
                            code: "Error.InternalServerError",
                        }),
                    );
                }
                options.onRefused({
                    method: request.method ?? "",
                    path: (request.url ?? "").split("?")[0] ?? "",
                    error: refusal,
                });
                explainRefusal(span, request, refusal);
                return toAnswer(refusal);
            })
            .then((result) => {
                span?.end({ status: result.status, outcome: result.status < 400 ? "ok" : "failed" });
                send({ request, response, result, versions });
            })
            .catch((error: unknown) => {
                options.onCrash(error);
                response.destroy();
            });
    };
}

function toRestError(error: unknown): RestError | undefined {
    if (error instanceof FilterError) {
        return validationProblem("filter", error.message);
    }
    return error instanceof RestError ? error : undefined;
}

interface Refusal extends RestAnswer {
    refusal: RestError["details"];
}

/** Members and their order are those of the service. Source: recordings of 2024 to 2026 in Azure/azure-sdk-assets, js and python. */
function toAnswer({ status, message, details }: RestError): Refusal {
    const { code, target = "Request" } = details;
    const problem = {
        errors: { [target]: [message] },
        type: null,
        title: "One or more validation errors occurred.",
        status,
        detail: null,
        instance: null,
        extensions: {},
    };
    const rest = details.problem === undefined ? { details: null, inner: null } : problem;
    return { status, body: { code, message, target, ...rest }, refusal: details };
}

function checkApiVersion(query: URLSearchParams, known: readonly string[]): void {
    const given = query.getAll("api-version");
    if (given.length > 1) {
        throw badRequest("api-version is given more than once.");
    }
    if (given[0] !== undefined && !known.includes(given[0])) {
        throw badRequest(`api-version '${given[0]}' is not supported. Known are ${known.join(", ")}.`);
    }
}

interface Sending {
    request: IncomingMessage;
    response: ServerResponse;
    result: RestAnswer & Partial<Refusal>;
    versions: string;
}

function send({ request, response, result, versions }: Sending): void {
    if (response.destroyed) {
        return;
    }
    const { code, problem, allow } = result.refusal ?? {};
    if (problem === undefined && result.unversioned !== true) {
        response.setHeader("api-supported-versions", versions);
    }
    if (code !== undefined) {
        response.setHeader("x-ms-error-code", code);
    }
    if (allow !== undefined) {
        response.setHeader("Allow", allow.join(", "));
    }
    if (!request.complete) {
        // Close the connection: an unread body would be parsed as the next request on it.
        response.setHeader("Connection", "close");
    }
    const body = result.body === undefined ? "" : JSON.stringify(result.body);
    if (body === "") {
        response.writeHead(result.status, result.status === 204 ? {} : { "Content-Length": 0 });
    } else {
        response.writeHead(result.status, {
            "Content-Type": `application/${problem ?? "json"}; charset=utf-8`,
            "Content-Length": Buffer.byteLength(body),
        });
    }
    // Node sends no body in answer to HEAD, only its type and length, as the service does.
    response.end(body);
}
