import { type ServiceName, services } from "../services";
import { ask } from "./ask";
import { type CheckContext, CheckError, requireService, SkippedError } from "./check";
import { requireEvents } from "./events";
import { skipForToken } from "./exposure";

/** Calls the extension's webhook with its key, as the service does before it sends events. */
export async function checkWebhook(context: CheckContext): Promise<string> {
    const { deployed } = context;
    const service = requireService(context);
    requireEvents(context, service);
    if (deployed.webhookKey === undefined) {
        throw new SkippedError(
            "The outputs do not contain the webhook's key. Pass the output of `pulumi stack export --show-secrets`, or name an environment variable with the key in --webhook-key-env.",
        );
    }
    const url = new URL(`/runtime/webhooks/${service}`, deployed.negotiateUrl);
    const place = `${url.host}${url.pathname}`;
    url.searchParams.set("code", deployed.webhookKey);
    const origin = new URL(deployed.endpoint).hostname;
    const response = await ask(context, url, {
        // SignalR has no handshake. A POST without an event shows whether the host accepts the key.
        method: services[service].handshake ? "OPTIONS" : "POST",
        headers: { "WebHook-Request-Origin": origin },
    });
    skipForToken(deployed, response, { place, unchecked: "So the key was not checked." });
    refuse({ place, status: response.status, origin, service });
    if (!services[service].handshake) {
        return `${place} accepts the key; SignalR has no handshake.`;
    }
    const allowed = response.headers.get("webhook-allowed-origin");
    const origins = allowed?.split(/[,\s]+/).map((item) => item.toLowerCase()) ?? [];
    // Nothing else of the header is shown: the host chooses the text.
    const shown = origins.filter((item) => /^[\w.-]{1,253}$/.test(item)).join(", ");
    if (!origins.includes("*") && !origins.includes(origin.toLowerCase())) {
        throw new CheckError(
            `${place} answers the handshake, but allows ${allowed === null ? "nobody (no WebHook-Allowed-Origin)" : shown || "no host name"} and not ${origin}. Correct the app's connection setting, which points to another service.`,
        );
    }
    return `${place} accepts the key and allows ${origin} to send events.`;
}

/** Throws a `CheckError` that explains a status other than success. */
function refuse({
    place,
    status,
    origin,
    service,
}: {
    place: string;
    status: number;
    origin: string;
    service: ServiceName;
}): void {
    const { handshake } = services[service];
    if (status === 401 || status === 403) {
        throw new CheckError(
            `${place} answers ${status}: the host does not accept this key. A running host picks up a changed key after about a minute. If it still refuses then, compare the app's key store with the hub's URL.`,
        );
    }
    if (status === 404) {
        throw new CheckError(
            `${place} answers 404: the extension is not loaded. Check extensionBundle in the app's host.json, and that a function with the extension's trigger is deployed. An app that cannot read its package runs without any function.`,
        );
    }
    if (handshake && (status < 200 || status > 299)) {
        throw new CheckError(
            `${place} answers ${status} to the handshake of ${origin}: the extension does not accept events from that service. Compare the app's connection setting with the service.${
                service === "webpubsub"
                    ? " Web PubSub's extension answers so, too, when no function with its trigger runs."
                    : ""
            }`,
        );
    }
    if (status >= 500) {
        throw new CheckError(`${place} answers ${status}: the extension failed. Look in the app's log.`);
    }
}
