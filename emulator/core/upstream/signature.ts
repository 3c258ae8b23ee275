import { createHmac } from "node:crypto";
import type { AccessKeys } from "../service/types";

/**
 * The `ce-signature` of a connection: one item per access key, so that a handler that knows only one of them can check it.
 * Only the connection id is signed.
 */
export function signConnection(connectionId: string, accessKeys: readonly string[]): string {
    return accessKeys.map((key) => `sha256=${createHmac("sha256", key).update(connectionId).digest("hex")}`).join(",");
}

/** A connection that keeps its signature from one event to the next. */
export interface SignedConnection {
    readonly connectionId: string;
    signature?: { keys: AccessKeys; value: string };
}

/** The connection's signature, made anew only when the access keys are others than last time. */
export function signatureOf(connection: SignedConnection, keys: AccessKeys): string {
    if (connection.signature?.keys !== keys) {
        connection.signature = {
            keys,
            value: signConnection(connection.connectionId, [keys.primaryKey, keys.secondaryKey]),
        };
    }
    return connection.signature.value;
}
