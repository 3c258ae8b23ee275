import { messageOf } from "../../emulator/core/errors";
import { services } from "../services";
import { type CheckContext, CheckError, requireService, SkippedError } from "./check";

/** Calls the extension's webhook with its key, as the service does before it sends events. */
export async function checkWebhook(context: CheckContext): Promise<string> {
    const { deployed, fetch, milliseconds } = context;
    const service = requireService(context);
    if (deployed.webhookKey === undefined) {
        throw new SkippedError(
            "The outputs do not contain the webhook's key. Pass the output of `pulumi stack export --show-secrets`, or name an environment variable with the key in --webhook-key-env.",
        );
    }
    const url = new URL(`/runtime/webhooks/${service}`, deployed.negotiateUrl);
    const place = `${url.host}${url.pathname}`;
    url.searchParams.set("code", deployed.webhookKey);
    const origin = new URL(deployed.endpoint).hostname;
    let response: Response;
    try {
        response = await fetch(url, {
            // SignalR has no handshake. A POST without an event shows whether the host accepts the key.
            method: services[service].handshake ? "OPTIONS" : "POST",
            headers: { "WebHook-Request-Origin": origin },
            signal: AbortSignal.timeout(milliseconds),
        });
    } catch (error) {
        throw new CheckError(`${place} does not answer: ${messageOf(error)}.`);
    }
    await response.text();
    refuse({ place, status: response.status, origin, handshake: services[service].handshake });
    if (!services[service].handshake) {
        return `${place} accepts the key; SignalR has no handshake.`;
    }
    const allowed = response.headers.get("webhook-allowed-origin");
    const origins = allowed?.split(/[,\s]+/).map((item) => item.toLowerCase()) ?? [];
    if (!origins.includes("*") && !origins.includes(origin.toLowerCase())) {
        throw new CheckError(
            `${place} answers the handshake, but allows ${allowed === null ? "nobody (no WebHook-Allowed-Origin)" : allowed} and not ${origin}. Correct the app's connection setting, which points to another service.`,
        );
    }
    return `${place} accepts the key and allows ${origin} to send events.`;
}

/** Throws a `CheckError` that explains a status other than success. */
function refuse({
    place,
    status,
    origin,
    handshake,
}: {
    place: string;
    status: number;
    origin: string;
    handshake: boolean;
}): void {
    if (status === 401 || status === 403) {
        throw new CheckError(
            `${place} answers ${status}: the host does not accept this key. A running host picks up a changed key after about a minute. If it still refuses then, compare the app's key store with the hub's URL.`,
        );
    }
    if (status === 404) {
        throw new CheckError(
            `${place} answers 404: the extension is not loaded. Check extensionBundle in the app's host.json, and that a function with the extension's trigger is deployed.`,
        );
    }
    if (handshake && (status < 200 || status > 299)) {
        throw new CheckError(
            `${place} answers ${status} to the handshake of ${origin}: the extension does not accept events from that service. Compare the app's connection setting with the service.`,
        );
    }
    if (status >= 500) {
        throw new CheckError(`${place} answers ${status}: the extension failed. Look in the app's log.`);
    }
}
