import { sleep } from "../../../../core/clock";
import { messageOf } from "../../../../core/errors";
import type { ExtensionHost, HostFunction, WebhookResponse } from "../extension";

/** Reads an event's headers. Logs the reason and returns undefined when they are not valid. */
export function readContext<C>(host: ExtensionHost, read: () => C): C | undefined {
    try {
        return read();
    } catch (error) {
        host.log("warning", `Error parsing cloud event: ${messageOf(error)}`);
        return undefined;
    }
}

/** Answers an event that does not come from the app's service. */
export function refuseCaller(host: ExtensionHost, fn: HostFunction): WebhookResponse {
    host.log("warning", `An event for '${fn.name}' was refused: its ce-signature or its origin is not the service's.`);
    return { status: 401 };
}

/** Ends an event whose function failed after a while. The vendor's extension never answers such an event. */
export async function stayUnanswered(
    host: ExtensionHost,
    failure: { fn: HostFunction; eventName: string; client: string; error: unknown },
): Promise<WebhookResponse> {
    const { fn, eventName, client, error } = failure;
    const limit = host.unansweredMilliseconds;
    host.log(
        "error",
        `Function '${fn.name}' failed, so '${eventName}' of ${client} stays unanswered for ${limit / 1000} s: ${messageOf(error)}`,
    );
    await sleep(host.clock, limit);
    return { status: 500 };
}
