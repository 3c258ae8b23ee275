import { type ServerResponse, validateHeaderName } from "node:http";
import { checkHeader } from "./headers";

export type CustomHeaders = ReadonlyMap<string, string>;

/** Reads `extensions.http.customHeaders` of host.json. Throws for a header that cannot be sent. */
export function readCustomHeaders(given: unknown): CustomHeaders {
    const headers = new Map<string, string>();
    const spelled = new Map<string, string>();
    if (typeof given !== "object" || given === null || Array.isArray(given)) {
        return headers;
    }
    for (const [name, value] of Object.entries(given)) {
        if (typeof value === "object" && value !== null) {
            throw new Error(`host.json: extensions.http.customHeaders.${name} holds other values. It must be a text.`);
        }
        // .NET's configuration writes truth values with a capital letter.
        const text = value === null ? "" : value === true ? "True" : value === false ? "False" : String(value);
        try {
            validateHeaderName(name);
            checkHeader({ name, value: text });
        } catch (error) {
            throw new Error(`host.json: extensions.http.customHeaders.${name} cannot be sent as a header`, {
                cause: error,
            });
        }
        // Names of .NET's configuration ignore case: the first spelling counts, and the last value.
        const first = spelled.get(name.toLowerCase()) ?? name;
        spelled.set(name.toLowerCase(), first);
        headers.set(first, text);
    }
    return headers;
}

/** Adds headers to an answer when it begins, unless the answer has them. Source: CustomHttpHeadersMiddleware.cs of azure-functions-host. */
export function addCustomHeaders(response: ServerResponse, headers: CustomHeaders): void {
    if (headers.size === 0) {
        return;
    }
    const writeHead = response.writeHead.bind(response) as (...args: unknown[]) => ServerResponse;
    response.writeHead = ((...args: unknown[]) => {
        const given = args.find((argument) => typeof argument === "object" && argument !== null) ?? {};
        const names = new Set(Object.keys(given).map((name) => name.toLowerCase()));
        for (const [name, value] of headers) {
            if (!names.has(name.toLowerCase()) && !response.hasHeader(name)) {
                response.setHeader(name, value);
            }
        }
        return writeHead(...args);
    }) as typeof response.writeHead;
}
