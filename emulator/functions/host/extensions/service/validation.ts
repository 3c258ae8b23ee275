import { signatureItem } from "../../../../core/upstream/signature";
import type { WebhookResponse } from "../extension";

/** A service that may call a webhook. With a managed identity the app has no key to check its signature. */
export interface Caller {
    /** Without port. */
    host: string;
    accessKey?: string;
}

/** Splits a header's list, whose items are separated by commas or spaces. */
export function splitList(text: string): string[] {
    return text.split(/[,\s]+/).filter((item) => item !== "");
}

/** Answers the abuse-protection handshake, which asks whether the service may send events here. */
export function answerAbuseCheck({ origins, caller }: { origins: readonly string[]; caller: Caller }): WebhookResponse {
    const allowed = origins.find((origin) => origin.toLowerCase() === caller.host.toLowerCase());
    return allowed === undefined ? { status: 400 } : { status: 200, headers: { "WebHook-Allowed-Origin": allowed } };
}

/** Whether an event comes from that service: checks the origin, and with a key the signature of the connection id. */
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
    return caller.accessKey === undefined || isSignedWith({ accessKey: caller.accessKey, connectionId, signature });
}

/** Whether one item of the signature is made with this key. */
export function isSignedWith(options: {
    accessKey: string;
    connectionId: string;
    signature: string | undefined;
}): boolean {
    const expected = signatureItem(options.connectionId, options.accessKey);
    return splitList(options.signature ?? "").some((candidate) => candidate.toLowerCase() === expected);
}
