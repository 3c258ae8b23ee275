import { createHmac } from "node:crypto";

/**
 * The `ce-signature` of a connection: one item per access key, so that a handler that knows only one of them can check it.
 * Only the connection id is signed.
 */
export function signConnection(connectionId: string, accessKeys: readonly string[]): string {
    return accessKeys.map((key) => `sha256=${createHmac("sha256", key).update(connectionId).digest("hex")}`).join(",");
}
