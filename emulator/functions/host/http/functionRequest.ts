import { randomUUID } from "node:crypto";
import { systemClock } from "../../../core/clock";
import { messageOf } from "../../../core/errors";
import { readBody } from "../../../core/http";
import { hasExpression } from "../bindings/expressions";
import { requestTypes } from "../extensions";
import type { HostFunction, WebhookRequest } from "../extensions/extension";
import { functionCategory } from "../log";
import type { TypedData } from "../rpc";
import { authenticate, mayInvoke, presentedKey } from "./auth";
import { type HttpContext, sendText } from "./context";
import { forward } from "./forward";
import { findRoute, type RouteMatch } from "./routes";
import { proxyToLibrary } from "./streamProxy";
import { hasLength, type IncomingHttp, toHttpBindingData, toHttpTrigger, toStreamMetadata } from "./toInvocation";
import { headerLists } from "./webhookRequest";
import { writeHttpResponse } from "./writeResponse";

/** Serves a request to an HTTP function. Resolves with false when no route matches. */
export async function handleFunctionRequest(context: HttpContext): Promise<boolean> {
    const { host, request, response, url } = context;
    const match = findRoute({ routes: host.routes, method: request.method ?? "GET", path: url.pathname });
    if (match === undefined) {
        return false;
    }
    const { fn, authLevel } = match.route;
    if (authLevel !== "anonymous" || (fn.disabled === true && presentedKey(context) !== undefined)) {
        const key = await authenticate({ request, url, keys: host.keys(), functionName: fn.name });
        if (!mayInvoke({ match: key, level: authLevel })) {
            sayRefusal({ context, name: fn.name, level: authLevel });
            sendText({ response, status: 401 });
            return true;
        }
        if (fn.disabled === true && key?.level !== "admin") {
            sendText({ response, status: 404 });
            return true;
        }
    } else if (fn.disabled === true) {
        sendText({ response, status: 404 });
        return true;
    }
    if (host.upstream !== undefined) {
        await forward({ request, response, port: host.upstream, keepsOpen: true });
    } else if (host.state.httpUri !== undefined) {
        await invokeAsStream({ context, match, httpUri: host.state.httpUri });
    } else {
        await invokeBuffered({ context, match });
    }
    return true;
}

const refusalPause = 10_000;
const refusals = new Map<string, number>();

/** Says why a call was refused and where the keys are, but not for each of many calls. */
function sayRefusal({ context, name, level }: { context: HttpContext; name: string; level: string }): void {
    const presented = presentedKey(context);
    context.host.tracing.why({
        name,
        code: "keyRefused",
        outcome: "failed",
        message: `The call of function '${name}' was answered with 401: authLevel is ${level}, and the key is missing or another one.`,
        fix: `Send the key in the header x-functions-key ('azure-realtime keys' prints the keys), or set authLevel: "anonymous" in the function.`,
    });
    const fault = presented === undefined || presented === "" ? "had none" : "had another one";
    const now = Date.now();
    if (now - (refusals.get(`${name} ${fault}`) ?? Number.NEGATIVE_INFINITY) < refusalPause) {
        return;
    }
    refusals.set(`${name} ${fault}`, now);
    const which = level === "admin" ? "the master key" : "a function key or the master key";
    context.host.log(
        "warning",
        `A call of function '${name}' was answered with 401: its authLevel is ${level}, so it asks for ${which} in the header ` +
            `x-functions-key or the query parameter code, and the call ${fault}. The command azure-realtime keys prints the keys.`,
        functionCategory(name),
    );
}

const withoutBody = new Set<string>();

/** Says once for each function that it gets no body, which surprises: on Azure too, nothing tells why. */
function sayNoBody({ host }: HttpContext, name: string): void {
    if (!withoutBody.has(name)) {
        withoutBody.add(name);
        host.log(
            "warning",
            `A call of function '${name}' had a body without a Content-Length (Transfer-Encoding: chunked). The function gets no body, as on ` +
                "Azure. Send the length, or let the app read streams: app.setup({ enableHttpStream: true }).",
            functionCategory(name),
        );
    }
}

async function invokeBuffered({ context, match }: { context: HttpContext; match: RouteMatch }): Promise<void> {
    const { host, request, response, url } = context;
    const incoming = { request, url, ...parametersOf(match), body: await readBody(request, host.bodyLimit) };
    const { fn } = match.route;
    if (incoming.body.length > 0 && !hasLength(request)) {
        sayNoBody(context, fn.name);
    }
    const data = toHttpBindingData(incoming, fn.trigger.name);
    let answer: TypedData | undefined;
    try {
        const http = toRequest({ fn, context, body: incoming.body });
        answer = (await host.invoke({ fn, input: toHttpTrigger(incoming), data, ...http })).http;
    } catch {
        // The invoker has logged the failure. The caller does not learn the reason, as on Azure.
        sendText({ response, status: 500 });
        return;
    }
    try {
        const { accept, "accept-charset": acceptCharset } = request.headers;
        writeHttpResponse({ response, answer, preferences: { accept, acceptCharset: acceptCharset?.toString() } });
    } catch (error) {
        host.log("error", `The answer of function '${fn.name}' cannot be sent: ${messageOf(error)}`);
        sendText({ response, status: 500 });
    }
}

async function invokeAsStream(options: { context: HttpContext; match: RouteMatch; httpUri: string }): Promise<void> {
    const { context, match, httpUri } = options;
    const { host, request, response, url } = context;
    const { fn } = match.route;
    // The body is read here only when a binding needs it too; it is then sent on unchanged.
    const body =
        readsRequest(fn) || fn.bindings.some((binding) => binding !== fn.trigger && hasExpression(binding))
            ? await readBody(request, host.bodyLimit)
            : undefined;
    const incoming = { request, url, ...parametersOf(match) };
    const invocationId = randomUUID();
    const proxied = proxyToLibrary({ httpUri, invocationId, request, response, body, hostName: host.config.hostName });
    const invoked = host.invoke({
        fn,
        ...(body !== undefined && readsRequest(fn) ? toRequest({ fn, context, body }) : {}),
        // The library gets the request through the proxy. The value only has to exist.
        input: { http: {} },
        data: toHttpBindingData({ ...incoming, ...(body === undefined ? {} : { body }) }, fn.trigger.name),
        triggerMetadata: toStreamMetadata(incoming),
        invocationId,
    });
    proxied.catch(() => undefined);
    try {
        await invoked;
    } catch {
        // The invoker has logged the failure.
        sendText({ response, status: 500 });
        return;
    }
    const cancel = boundWait({ context, name: fn.name });
    try {
        await proxied;
    } catch (error) {
        // A caller that has gone is no failure.
        if (!response.destroyed && !response.headersSent) {
            host.log("error", `The answer of function '${fn.name}' cannot be sent: ${messageOf(error)}`);
        }
        sendText({ response, status: 502 });
    } finally {
        cancel();
    }
}

/** An answer that the library has sent arrives sooner. */
const longestWay = 5_000;

/**
 * Ends a call whose function has returned nothing: the library then sends no answer, and on Azure the caller waits until the load balancer ends
 * the call after 230 s. Sources: toRpcHttp.ts of azure-functions-nodejs-library, DefaultHttpProxyService.cs of azure-functions-host.
 */
function boundWait({ context, name }: { context: HttpContext; name: string }): () => void {
    const { host, response } = context;
    const limit = host.config.unansweredMilliseconds;
    if (limit === Number.POSITIVE_INFINITY) {
        return () => undefined;
    }
    const unlessBegun = (then: () => void) => () => {
        // A caller may take long to read a long answer.
        if (!response.headersSent) {
            then();
        }
    };
    const say = () => {
        const message =
            `Function '${name}' has returned nothing, and an app with enableHttpStream sends no answer then. The call gets 504 after ` +
            `${limit / 1000} s; on Azure it hangs for 230 s. Return an object, such as {}, from every path of the function.`;
        host.log("error", message, functionCategory(name));
    };
    const cancels = [
        systemClock.after(Math.min(longestWay, limit), unlessBegun(say)),
        systemClock.after(
            limit,
            unlessBegun(() => sendText({ response, status: 504 })),
        ),
    ];
    return () => {
        for (const cancel of cancels) {
            cancel();
        }
    };
}

function parametersOf({ route, params }: RouteMatch): Pick<IncomingHttp, "params" | "optional"> {
    const all = route.template.segments.flat().filter((part) => typeof part !== "string");
    return {
        params,
        optional: all.filter(({ optional, catchAll }) => optional || catchAll).map(({ name }) => name),
    };
}

function readsRequest(fn: HostFunction): boolean {
    return fn.bindings.some(({ type, direction }) => direction === "in" && requestTypes.has(type.toLowerCase()));
}

/** The request for an input binding that reads it, such as `webPubSubContext`. Empty when the function has none. */
function toRequest(options: { fn: HostFunction; context: HttpContext; body: Buffer }): { http?: WebhookRequest } {
    const { request } = options.context;
    return readsRequest(options.fn)
        ? { http: { method: request.method ?? "", headers: headerLists(request.rawHeaders), body: options.body } }
        : {};
}
