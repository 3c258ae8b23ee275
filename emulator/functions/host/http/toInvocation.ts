import type { IncomingMessage } from "node:http";
import type { BindingData } from "../bindings/expressions";
import type { HttpData, TypedData } from "../rpc";
import { parseIfJson } from "../rpc";

export interface IncomingHttp {
    request: IncomingMessage;
    url: URL;
    params: Record<string, string>;
    /** Undefined when the app's library reads the body as a stream. */
    body?: Buffer;
}

/** Turns an HTTP request into the worker's trigger value. */
export function toHttpTrigger({ request, url, params, body }: IncomingHttp): TypedData {
    const http: HttpData = {
        method: request.method ?? "GET",
        url: url.href,
        nullableHeaders: nullable(headersOf(request)),
        nullableQuery: nullable(queryOf(url)),
        nullableParams: nullable(params),
        ...(body === undefined || body.length === 0 ? {} : { body: { bytes: body } }),
    };
    return { http };
}

/** Values for binding expressions of an HTTP trigger: query, headers, route parameters and fields of a JSON body. */
export function toHttpBindingData({ request, url, params, body }: IncomingHttp): BindingData {
    const fields: unknown = body === undefined || body.length === 0 ? undefined : parseIfJson(body.toString());
    const query = queryOf(url);
    return {
        ...(typeof fields === "object" && fields !== null && !Array.isArray(fields) ? fields : {}),
        ...query,
        ...params,
        Query: query,
        Headers: headersOf(request),
    };
}

/** Trigger metadata that the app's library needs when it reads the request itself: headers and route parameters. */
export function toStreamMetadata({ request, url, params }: IncomingHttp): Record<string, TypedData> {
    return {
        Headers: { json: JSON.stringify(headersOf(request)) },
        Query: { json: JSON.stringify(queryOf(url)) },
        ...Object.fromEntries(Object.entries(params).map(([name, value]) => [name, { string: value }])),
    };
}

/** The URL that the caller used. A proxy's headers override the request's own. */
export function urlOf({ request, hostName }: { request: IncomingMessage; hostName: string }): URL {
    const host = request.headers.host ?? hostName;
    return new URL(request.url ?? "/", `http://${/^[\w.:[\]-]+$/.test(host) ? host : hostName}`);
}

export function headersOf(request: IncomingMessage): Record<string, string> {
    const headers: Record<string, string> = {};
    for (const [name, value] of Object.entries(request.headers)) {
        if (value !== undefined) {
            headers[name] = Array.isArray(value) ? value.join(", ") : value;
        }
    }
    return headers;
}

function queryOf(url: URL): Record<string, string> {
    const query: Record<string, string> = {};
    for (const name of new Set(url.searchParams.keys())) {
        query[name] = url.searchParams.getAll(name).join(",");
    }
    return query;
}

function nullable(values: Record<string, string>): Record<string, { value: string }> {
    return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { value }]));
}
