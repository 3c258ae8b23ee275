import { app, type HttpResponseInit } from "@azure/functions";
import { InputError } from "../../shared/input";
import { admit } from "./admission";
import { upstream } from "./bindings";
import { type ConnectRequest, readData, type UserRequest } from "./events";
import { delivered } from "./replies";

interface UpstreamContext {
    request?: (ConnectRequest & UserRequest) | null;
    /** The extension's answer to a preflight or an invalid request. */
    response?: { status: number; body?: string | null; headers?: Record<string, string | string[]> | null } | null;
    hasError: boolean;
    isPreflight: boolean;
}

const statusOf = { unauthorized: 401, userError: 400 };

// An event handler at the app's own URL instead of the extension's webhook, as Static Web Apps needs.
app.http("eventhandler", {
    methods: ["OPTIONS", "POST"],
    // The function key keeps others out: with a managed identity there is no access key, hence no signature to check.
    authLevel: "function",
    extraInputs: [upstream],
    handler: (_request, context) => {
        const { request, response, hasError, isPreflight } = context.extraInputs.get(upstream) as UpstreamContext;
        if (isPreflight || hasError || !request) {
            return prepared(response);
        }
        const { eventType, eventName } = request.connectionContext;
        if (eventType.toLowerCase() === "user") {
            return answerTo({ eventName, request });
        }
        return eventName === "connect" ? admissionOf(request) : { status: 204 };
    },
});

function prepared(response: UpstreamContext["response"]): HttpResponseInit {
    const headers = Object.entries(response?.headers ?? {}).map(([name, value]) => [name, [value].flat().join(", ")]);
    return { status: response?.status ?? 400, body: response?.body ?? undefined, headers: Object.fromEntries(headers) };
}

function admissionOf(request: ConnectRequest): HttpResponseInit {
    const admission = admit(request);
    return "code" in admission
        ? { status: statusOf[admission.code], body: admission.errorMessage }
        : { jsonBody: admission };
}

function answerTo({ eventName, request }: { eventName: string; request: UserRequest }): HttpResponseInit {
    try {
        const { data } = delivered(eventName, { received: readData(request) });
        return { body: String(data), headers: { "Content-Type": "application/json" } };
    } catch (error) {
        if (!(error instanceof InputError)) {
            throw error;
        }
        return { status: statusOf.userError, body: error.message };
    }
}
