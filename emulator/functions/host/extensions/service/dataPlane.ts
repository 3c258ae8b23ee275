import { fetchOnce, type ReadAnswer } from "../../../../core/fetchOnce";

/** Authorizes calls to a service: an access key, or tokens of the app's managed identity. */
export type ServiceCredential = { accessKey: string } | { token: () => Promise<string> };

export interface DataPlaneOptions {
    /** Scheme, host and port. */
    endpoint: string;
    /** Where to send calls, if not to the endpoint. */
    serverEndpoint?: string;
    credential: ServiceCredential;
    apiVersion: string;
    fetch: typeof fetch;
    now: () => number;
    /** Further claims in tokens that an access key signs. Defaults to none. */
    claims?: Record<string, unknown>;
}

export interface DataPlaneCall {
    method: "GET" | "POST" | "PUT" | "DELETE";
    /** Path below the endpoint, with a leading slash. */
    path: string;
    /** A list repeats the name. */
    query?: Record<string, string | readonly string[]>;
    body?: string | Uint8Array<ArrayBuffer>;
    contentType?: string;
    /** Whether a refusal counts as a success. Defaults to never. */
    isTolerated?(answer: Pick<ReadAnswer, "status" | "headers">): boolean;
}

const restTokenSeconds = 300;

/** Calls a service's data plane. Rejects with the status and message of a refusal. */
export async function callDataPlane(options: DataPlaneOptions & { call: DataPlaneCall }): Promise<ReadAnswer> {
    const { call, credential } = options;
    const query = toSearch({ ...call.query, "api-version": options.apiVersion });
    const target = `${call.path}?${query.toString().replaceAll("+", "%20")}`;
    const url = `${options.serverEndpoint ?? options.endpoint}${target}`;
    const audience = `${options.endpoint}${target}`;
    const token =
        "accessKey" in credential
            ? signToken({ ...options, accessKey: credential.accessKey, audience, seconds: restTokenSeconds })
            : await credential.token();
    const init = {
        method: call.method,
        headers: {
            authorization: `Bearer ${token}`,
            ...(call.contentType === undefined ? {} : { "content-type": call.contentType }),
        },
        ...(call.body === undefined ? {} : { body: call.body }),
    };
    const answer = await fetchOnce({ fetch: options.fetch, url, init }).catch((error: unknown) => {
        throw new Error(`The service ${options.endpoint} cannot be reached`, { cause: error });
    });
    if (!answer.ok && call.isTolerated?.(answer) !== true) {
        throw new Error(
            `The service ${options.endpoint} answered ${answer.status} to ${call.method} ${call.path}: ${answer.text || "(no text)"}`,
        );
    }
    return answer;
}

function toSearch(query: Record<string, string | readonly string[]>): URLSearchParams {
    return new URLSearchParams(
        Object.entries(query).flatMap(([name, value]) =>
            (typeof value === "string" ? [value] : value).map((item) => [name, item]),
        ),
    );
}

/** Signs a token with an access key. Its members have the order of the vendor's SDKs. */
export function signToken(options: {
    accessKey: string;
    audience: string;
    seconds: number;
    now: () => number;
    subject?: string;
    claims?: Record<string, unknown>;
    keyId?: string;
}): string {
    const issued = Math.floor(options.now() / 1000);
    const claims = {
        nbf: issued,
        exp: issued + options.seconds,
        iat: issued,
        aud: options.audience,
        ...(options.subject === undefined || options.subject === "" ? {} : { sub: options.subject }),
        ...options.claims,
    };
    return loadTokens().createSigner({ key: options.accessKey, algorithm: "HS256", kid: options.keyId })(claims);
}

// Loaded on first use, because most apps sign in with an identity and never sign a token.
const loadTokens = () => require("fast-jwt") as typeof import("fast-jwt");
