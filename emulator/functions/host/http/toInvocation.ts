import type { IncomingMessage } from "node:http";
import type { TLSSocket } from "node:tls";
import { createDictionary } from "../../../core/dictionary";
import { type BindingData, bindingData, HttpRequestValue, jsonMembers } from "../bindings/bindingData";
import type { HttpData, TypedData } from "../rpc";
import { decodeHeader } from "./headers";

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
        ...(body === undefined || !hasLength(request) ? {} : { body: { bytes: body } }),
    };
    return { http };
}

/**
 * Whether a request says how long its body is. The host hands over no other body, such as a chunked one. Source: ToRpcHttp of
 * GrpcMessageConversionExtensions.cs of azure-functions-host.
 */
export function hasLength({ headers }: IncomingMessage): boolean {
    return Number(headers["content-length"] ?? 0) > 0;
}

/**
 * Values for binding expressions of an HTTP trigger. Fields of a JSON body, then the query without the key, then route
 * parameters; `Query` and `Headers` unless one of these has that name; the request under the trigger's name.
 * Source: azure-webjobs-sdk-extensions, HttpTriggerAttributeBindingProvider.cs.
 */
export function toHttpBindingData({ request, url, params, body }: IncomingHttp, triggerName: string): BindingData {
    // A body without a length has no fields, as on Azure.
    const text = hasLength(request) && body !== undefined ? body.toString("utf8").replace(/^\uFEFF/, "") : "";
    const query = lastValues(url);
    return bindingData(
        Object.entries({ Query: query, Headers: bindingData(Object.entries(headersOf(request))) }),
        jsonMembers(text),
        [...query].filter(([name]) => name.toLowerCase() !== "code"),
        Object.entries(params),
        [[triggerName, new HttpRequestValue(request)]],
    );
}

/** Trigger metadata that the app's library needs when it reads the request itself: headers and route parameters. */
export function toStreamMetadata({ request, url, params }: IncomingHttp): Record<string, TypedData> {
    return {
        Headers: { json: JSON.stringify(headersOf(request)) },
        Query: { json: JSON.stringify(queryOf(url)) },
        ...Object.fromEntries(Object.entries(params).map(([name, value]) => [name, { string: value }])),
    };
}

/** The URL that the caller used; undefined when its host is none. The server has checked that the target is a path and the host one of ours. */
export function urlOf({ request, hostName }: { request: IncomingMessage; hostName: string }): URL | undefined {
    const target = request.url ?? "/";
    const base = `${schemeOf(request)}://${request.headers.host ?? hostName}`;
    return URL.canParse(target, base) ? new URL(target, base) : undefined;
}

export function schemeOf({ socket }: IncomingMessage): "http" | "https" {
    return (socket as TLSSocket).encrypted === true ? "https" : "http";
}

export function headersOf(request: IncomingMessage): Record<string, string> {
    const headers = createDictionary<string>();
    for (const [name, values = []] of Object.entries(request.headersDistinct)) {
        headers[name] = values.map(decodeHeader).join(name === "cookie" ? "; " : ",");
    }
    return headers;
}

function queryOf(url: URL): Record<string, string> {
    const query = createDictionary<string>();
    for (const name of new Set(url.searchParams.keys())) {
        query[name] = url.searchParams.getAll(name).join(",");
    }
    return query;
}

/** The last value of each query parameter. The first spelling of a name counts. */
function lastValues(url: URL): Map<string, string> {
    const spelled = new Map<string, string>();
    const values = new Map<string, string>();
    for (const [name, value] of url.searchParams) {
        const first = spelled.get(name.toLowerCase()) ?? name;
        spelled.set(name.toLowerCase(), first);
        values.set(first, value);
    }
    return values;
}

function nullable(values: Record<string, string>): Record<string, { value: string }> {
    return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { value }]));
}
