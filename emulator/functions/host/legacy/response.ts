import { type HttpCookie, type TypedData, toTypedData } from "../rpc";

/** `context.res` of the `function.json` model. Every method that changes it returns it, except those that send. */
export class LegacyResponse {
    statusCode?: string | number;
    headers: Record<string, unknown> = {};
    cookies: unknown[] = [];
    body?: unknown;
    enableContentNegotiation?: boolean;
    readonly #done: () => void;

    constructor(done: () => void) {
        this.#done = done;
    }

    status = (code: string | number): this => {
        this.statusCode = code;
        return this;
    };

    setHeader = (field: string, value: unknown): this => {
        this.headers[field.toLowerCase()] = value;
        return this;
    };

    getHeader = (field: string): unknown => this.headers[field.toLowerCase()];

    removeHeader = (field: string): this => {
        delete this.headers[field.toLowerCase()];
        return this;
    };

    type = (type: string): this => this.setHeader("content-type", type);

    end = (body?: unknown): this => {
        if (body !== undefined) {
            this.body = body;
        }
        if (Buffer.isBuffer(this.body) && this.getHeader("content-type") === undefined) {
            this.type("application/octet-stream");
        }
        this.#done();
        return this;
    };

    sendStatus = (code: string | number): this => this.status(code).end();

    json = (body: unknown): void => {
        this.type("application/json").end(body);
    };

    send = this.end;
    set = this.setHeader;
    header = this.setHeader;
    get = this.getHeader;
}

/** What a function of this model answered, as data for the host. Throws when it is no object. */
export function toHttpData(answer: unknown): TypedData | undefined {
    if (typeof answer !== "object" || Array.isArray(answer)) {
        throw new Error(
            "The HTTP response must be an 'object' type that can include properties such as 'body', 'status', and 'headers'.",
        );
    }
    const message = (answer ?? {}) as Record<string, unknown>;
    const status = message.statusCode ?? (typeof message.status === "function" ? undefined : message.status);
    const headers: Record<string, string> = {};
    for (const [name, value] of Object.entries((message.headers ?? {}) as Record<string, unknown>)) {
        if (value !== undefined && value !== null) {
            headers[name] = String(value);
        }
    }
    return {
        http: {
            statusCode: status === undefined || status === null ? null : String(status),
            headers,
            cookies: ((message.cookies ?? []) as Record<string, unknown>[]).map(toCookie),
            body: toTypedData(message.body),
            enableContentNegotiation: message.enableContentNegotiation === true,
        },
    };
}

function toCookie(cookie: Record<string, unknown>): HttpCookie {
    const sameSite = String(cookie.sameSite ?? "").toLowerCase();
    const expires = cookie.expires instanceof Date ? cookie.expires.getTime() : cookie.expires;
    return {
        name: String(cookie.name ?? ""),
        value: String(cookie.value ?? ""),
        ...(typeof cookie.domain === "string" ? { domain: { value: cookie.domain } } : {}),
        ...(typeof cookie.path === "string" ? { path: { value: cookie.path } } : {}),
        ...(typeof expires === "number" ? { expires: { value: { seconds: Math.round(expires / 1000) } } } : {}),
        ...(typeof cookie.secure === "boolean" ? { secure: { value: cookie.secure } } : {}),
        ...(typeof cookie.httpOnly === "boolean" ? { httpOnly: { value: cookie.httpOnly } } : {}),
        ...(cookie.maxAge === undefined ? {} : { maxAge: { value: Number(cookie.maxAge) } }),
        sameSite:
            sameSite === "lax" || sameSite === "strict" ? sameSite : sameSite === "none" ? "explicitNone" : "none",
    };
}
