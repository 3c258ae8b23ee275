import { createHmac } from "node:crypto";
import type { WebhookResponse } from "../extension";

/** The service that may call a webhook: its host, and the key it signs with. With a managed identity there is none. */
export interface Caller {
    /** Without port. */
    host: string;
    accessKey?: string;
}

/** The values of headers that list several, separated by commas or spaces. */
export function splitList(text: string): string[] {
    return text.split(/[,\s]+/).filter((item) => item !== "");
}

/** Answers the handshake by which a service asks whether it may send events here. */
export function answerAbuseCheck({ origins, caller }: { origins: readonly string[]; caller: Caller }): WebhookResponse {
    const allowed = origins.find((origin) => origin.toLowerCase() === caller.host.toLowerCase());
    return allowed === undefined ? { status: 400 } : { status: 200, headers: { "WebHook-Allowed-Origin": allowed } };
}

/** Whether an event is from that service: by origin, and by a signature over the connection id when there is a key. */
export function isSignatureValid(options: {
    origins: readonly string[];
    signature: string | undefined;
    connectionId: string;
    caller: Caller;
}): boolean {
    const { caller, signature, connectionId } = options;
    if (!options.origins.some((origin) => origin.toLowerCase() === caller.host.toLowerCase())) {
        return false;
    }
    if (caller.accessKey === undefined) {
        return true;
    }
    if (signature === undefined) {
        return false;
    }
    const expected = `sha256=${createHmac("sha256", caller.accessKey).update(connectionId).digest("hex")}`;
    return splitList(signature).some((candidate) => candidate.toLowerCase() === expected);
}
