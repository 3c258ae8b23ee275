import { services } from "../services";
import { messageOf } from "../words";
import { type CheckContext, CheckError, SkippedError } from "./check";

/** Asks the extension's webhook with its key, as the service does before it sends events. Answers what was found. */
export async function checkWebhook(context: CheckContext): Promise<string> {
    const { deployed, fetch, milliseconds, negotiated } = context;
    const service = negotiated?.service ?? deployed.service;
    if (service === undefined) {
        throw new SkippedError("Which service it is cannot be told without a negotiation. Name it with --service.");
    }
    if (deployed.webhookKey === undefined) {
        throw new SkippedError(
            "The webhook's key is not in the outputs. Give what `pulumi stack export --show-secrets` prints, or the name of an environment variable with the key as --webhook-key-env.",
        );
    }
    const url = new URL(`/runtime/webhooks/${service}`, deployed.negotiateUrl);
    const place = `${url.host}${url.pathname}`;
    url.searchParams.set("code", deployed.webhookKey);
    const origin = new URL(deployed.endpoint).hostname;
    let response: Response;
    try {
        response = await fetch(url, {
            // SignalR asks for no permission; a POST that is no event shows whether the key opens the door.
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
        return `${place} takes the key; SignalR asks for no handshake.`;
    }
    const allowed = response.headers.get("webhook-allowed-origin");
    const origins = allowed?.split(/[,\s]+/).map((item) => item.toLowerCase()) ?? [];
    if (!origins.includes("*") && !origins.includes(origin.toLowerCase())) {
        throw new CheckError(
            `${place} answers the handshake, but allows ${allowed === null ? "nobody (no WebHook-Allowed-Origin)" : allowed} and not ${origin}. The app's connection setting points to another service.`,
        );
    }
    return `${place} takes the key and lets ${origin} send events.`;
}

function refuse(options: { place: string; status: number; origin: string; handshake: boolean }): void {
    if (options.status === 401 || options.status === 403) {
        throw new CheckError(
            `${options.place} answers ${options.status}: the host does not know this key. A changed key takes about a minute to reach a running host; after that, compare the app's key store with the hub's URL.`,
        );
    }
    if (options.status === 404) {
        throw new CheckError(
            `${options.place} answers 404: the extension is not loaded. Look at extensionBundle in the app's host.json, and whether a function with its trigger is deployed.`,
        );
    }
    if (options.handshake && (options.status < 200 || options.status > 299)) {
        throw new CheckError(
            `${options.place} answers ${options.status} to the handshake of ${options.origin}: the extension does not know that service. Compare the app's connection setting with the service.`,
        );
    }
    if (options.status >= 500) {
        throw new CheckError(
            `${options.place} answers ${options.status}: the extension failed. Look into the app's log.`,
        );
    }
}
