import type { Dispatcher } from "undici";
import type { Identity } from "../../identity/index";
import { type Clock, isValid, type Validity } from "../clock";
import { dataTypeOf, payload, recordedHeaders, type Span, writeTraceParent } from "../inspect";
import { type CookieJar, createCookieJar } from "./cookies";
import { BrokenError, HandshakeError, shownUrl, UpstreamError } from "./errors";
import type { EventHandler } from "./eventHandlers";
import type { Validator } from "./handshake";
import { answerText, sendUpstream, type UpstreamResponse } from "./http";
import type { UrlResolver } from "./urlTemplate";
import { explainFailure } from "./why";

export interface UpstreamOptions {
    clock: Clock;
    dispatcher: Dispatcher;
    identity: Identity;
    validate: Validator;
    resolveUrl: UrlResolver;
    /** The service's own identity. It signs in at handlers whose `auth` asks for a managed identity. */
    principalId(): string | undefined;
    /** Status with which the handler of this URL is said to answer, because somebody broke it on purpose. Defaults to none. */
    brokenStatus?(url: string): number | undefined;
    /** Whether failed attempts are repeated. Defaults to true. */
    retry?: boolean;
    /** Whether a debugger may hold the handler, so that the service waits for its answer. Defaults to false. */
    inspected?: boolean;
}

/** What upstream calls remember about one connection. */
export interface UpstreamSession {
    cookies?: CookieJar;
}

export interface UpstreamCall {
    handler: EventHandler;
    hub: string;
    event: string;
    session: UpstreamSession;
    headers: Record<string, string>;
    body: string | Uint8Array;
    /** The client's event, when somebody records it. */
    span?: Span | undefined;
}

/** Delivers an event and resolves with a 2xx answer. Throws `UpstreamError`, or the error of the identity or the vault. */
export type Upstream = (call: UpstreamCall) => Promise<UpstreamResponse>;

/** Milliseconds for an event with its retries. Source: the service's own emulator; the cloud's value is not published. */
const eventLimit = 100_000;
/** For as long as somebody thinks in a debugger; setTimeout cannot wait longer. */
const inspectedLimit = 2 ** 31 - 1;

/** A token for a handler is used for this long. It is valid for an hour. */
const tokenReuse = 50 * 60 * 1000;

export function createUpstream(options: UpstreamOptions): Upstream {
    const tokens = new Map<string, Validity & { value: string }>();
    const limit = options.inspected === true ? inspectedLimit : eventLimit;

    async function bearer({ auth }: EventHandler): Promise<string> {
        const audience = auth?.managedIdentity?.resource;
        const principalId = options.principalId();
        if (audience === undefined || audience === "" || principalId === undefined) {
            const lack =
                principalId === undefined
                    ? "the service has no identity"
                    : "auth.managedIdentity.resource is not given";
            throw new UpstreamError(`The event handler signs in with a managed identity, but ${lack}.`);
        }
        const key = `${principalId} ${audience}`;
        let token = tokens.get(key);
        const now = options.clock.now();
        if (token === undefined || !isValid(token, now)) {
            const value = await options.identity.issueToken({ principalId, audience });
            token = { value, from: now, until: now + tokenReuse };
            tokens.set(key, token);
        }
        return token.value;
    }

    return (call) =>
        call.span === undefined ? deliver(call, undefined) : traced(call, beginUpstream(call.span, call));

    async function traced(call: UpstreamCall, span: Span): Promise<UpstreamResponse> {
        try {
            const answer = await deliver(call, span);
            span.end({ status: answer.status });
            return answer;
        } catch (error) {
            explainFailure({ span, error, call });
            throw error;
        }
    }

    async function deliver(call: UpstreamCall, span: Span | undefined): Promise<UpstreamResponse> {
        const { handler, hub, event, session, headers, body } = call;
        if (span !== undefined) {
            // The service documents no trace header (azure-web-pubsub/reference-cloud-events). This one is local, so that the app's own spans join the client's event.
            headers.traceparent = writeTraceParent(span);
        }
        const urls = options.resolveUrl(handler.urlTemplate, { hub, event });
        const broken = options.brokenStatus?.(urls.call);
        if (broken !== undefined) {
            throw new BrokenError(
                `'${shownUrl(urls.call)}' answered ${broken}, because the inspector broke it.`,
                broken,
            );
        }
        const token = handler.auth?.type === "ManagedIdentity" ? await bearer(handler) : undefined;
        const failure = await options.validate(urls.validate, token);
        if (failure !== undefined) {
            throw new HandshakeError(failure);
        }
        if (token !== undefined) {
            headers.Authorization = `Bearer ${token}`;
        }
        const cookie = session.cookies?.header(new URL(urls.call), options.clock.now());
        if (cookie !== undefined) {
            headers.Cookie = cookie;
        }
        const answer = await sendUpstream(
            { url: urls.call, method: "POST", headers, body },
            { clock: options.clock, dispatcher: options.dispatcher, limit, retry: options.retry },
        );
        if (answer.status < 200 || answer.status > 299) {
            throw new UpstreamError(
                `'${shownUrl(urls.call)}' answered ${answer.status}${answerText(answer)}.`,
                answer.status,
            );
        }
        const setCookie = answer.headers["set-cookie"];
        if (setCookie !== undefined) {
            session.cookies ??= createCookieJar();
            const list = typeof setCookie === "string" ? [setCookie] : setCookie;
            session.cookies.store({ url: new URL(urls.call), setCookie: list, now: options.clock.now() });
        }
        return answer;
    }
}

function beginUpstream(parent: Span, { handler, headers, body }: UpstreamCall): Span {
    const url = shownUrl(handler.urlTemplate);
    const contentType = headers["Content-Type"] ?? headers["content-type"];
    return parent.begin("upstream", {
        name: `POST ${url}`,
        url,
        headers: recordedHeaders(headers),
        ...payload(body, dataTypeOf(contentType)),
    });
}
