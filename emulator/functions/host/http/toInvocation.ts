import type { IncomingMessage } from "node:http";
import type { TLSSocket } from "node:tls";
import { createDictionary } from "../../../core/dictionary";
import { type BindingData, bindingData, HttpRequestValue, jsonMembers } from "../bindings/bindingData";
import type { HttpData, TypedData } from "../rpc";
import { decodePart } from "./context";
import { decodeHeader } from "./headers";
import { parseQuery, searchOf } from "./query";

export interface IncomingHttp {
    request: IncomingMessage;
    url: URL;
    params: Record<string, string>;
    /** The parameters of the route that may be missing. Defaults to none. */
    optional?: readonly string[];
    /** Undefined when the app's library reads the body as a stream. */
    body?: Buffer;
}

/** Turns an HTTP request into the worker's trigger value. */
export function toHttpTrigger(incoming: IncomingHttp): TypedData {
    const { request, params, body } = incoming;
    const http: HttpData = {
        method: request.method ?? "GET",
        url: urlText(incoming),
        nullableHeaders: nullable(headersOf(request)),
        nullableQuery: nullable(queryOf(incoming)),
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
 * parameters, of which a missing optional one is null; `Query` and `Headers` unless one of these has that name; the request under the trigger's name.
 * Sources: HttpTriggerAttributeBindingProvider.cs of azure-webjobs-sdk-extensions; PopulateRouteData of FunctionInvocationMiddleware.cs of
 * azure-functions-host.
 */
export function toHttpBindingData(incoming: IncomingHttp, triggerName: string): BindingData {
    const { request, params, optional = [], body } = incoming;
    // A body without a length has no fields, as on Azure.
    const text = hasLength(request) && body !== undefined ? body.toString("utf8").replace(/^\uFEFF/, "") : "";
    const query = lastValues(incoming);
    return bindingData(
        Object.entries({ Query: query, Headers: bindingData(Object.entries(headersOf(request))) }),
        jsonMembers(text),
        [...query].filter(([name]) => name.toLowerCase() !== "code"),
        optional.map((name) => [name, null]),
        Object.entries(params),
        [[triggerName, new HttpRequestValue(request)]],
    );
}

/** Trigger metadata that the app's library needs when it reads the request itself: headers and route parameters. */
export function toStreamMetadata(incoming: IncomingHttp): Record<string, TypedData> {
    const { request, params } = incoming;
    return {
        Headers: { json: JSON.stringify(headersOf(request)) },
        Query: { json: JSON.stringify(queryOf(incoming)) },
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

function queryOf(incoming: IncomingHttp): Record<string, string> {
    const query = createDictionary<string>();
    for (const [name, values] of parseQuery(incoming)) {
        query[name] = values.join(",");
    }
    return query;
}

/** The last value of each query parameter. */
function lastValues(incoming: IncomingHttp): Map<string, string> {
    return new Map([...parseQuery(incoming)].map(([name, values]) => [name, values.at(-1) ?? ""]));
}

/** The URL as the host writes it: the path is decoded once, as routes see it, and encoded again where that is needed. */
function urlText(incoming: IncomingHttp): string {
    const { url } = incoming;
    const decoded = url.pathname.split(/(%2f)/i).map((part, index) => (index % 2 === 1 ? part : decodePart(part)));
    const path = decoded
        .join("")
        .replace(/%[\da-f]{2}|[\s\S]/giu, (part) => (inPath.test(part) ? part : encodeURIComponent(part)));
    return `${url.origin}${path}${searchOf(incoming)}`;
}

/** What PathString.cs of dotnet/aspnetcore leaves as it is. */
const inPath = /^(?:%[\da-f]{2}|[\w\-.~!$&'()*+,;=:@/])$/i;

function nullable(values: Record<string, string>): Record<string, { value: string }> {
    return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { value }]));
}
