import type { IncomingMessage } from "node:http";
import { splitUrl } from "../http";
import { type EventFields, type Recorder, readTraceParent, recordedHeaders, type Span } from "../inspect";
import type { RestError } from "./errors";

/** Records a call of the data plane; undefined when nobody looks. It belongs to the trace of its caller, when the caller names one. */
export function beginRest(recorder: Recorder, { method = "", url = "", headers }: IncomingMessage): Span | undefined {
    const parent = recorder.isOpen ? readTraceParent(headers.traceparent) : undefined;
    if (parent === undefined && !recorder.on) {
        return undefined;
    }
    const { path } = splitUrl(url);
    const fields = { name: `${method} ${path}`, url: path, headers: recordedHeaders(headers) };
    return recorder.begin("rest", fields, parent);
}

/** Records why a call was refused. HEAD asks whether something exists, so a 404 is an ordinary answer to it. */
export function explainRefusal(span: Span | undefined, { method }: IncomingMessage, error: RestError): void {
    if (span !== undefined && !(method === "HEAD" && error.status === 404)) {
        const { name } = span.event;
        span.note("why", { name, outcome: "failed", status: error.status, message: error.message, ...reasonOf(error) });
    }
}

function reasonOf({ status, message, details }: RestError): Pick<EventFields, "code" | "fix"> {
    switch (status) {
        case 401:
            return {
                code: "tokenRefused",
                fix: /disableLocalAuth|local auth/i.test(message)
                    ? "Let the caller sign in with its identity, or set disableLocalAuth: false on the service."
                    : "Compare the app's connection setting with the service: endpoint, key or identity.",
            };
        case 403:
            return {
                code: "roleMissing",
                fix: "Add a RoleAssignment of the role to the caller's identity, with the service as scope (Roles of this package name it).",
            };
        case 404:
            return details.target === "Connection"
                ? {
                      code: "notConnected",
                      fix: "The connection has closed, or its id belongs to another hub or service.",
                  }
                : {
                      code: "noHub",
                      fix: "Compare the path with the data plane's, and the hub's name with the one that clients connect to.",
                  };
        default:
            return { fix: "Correct the call as the message says." };
    }
}
