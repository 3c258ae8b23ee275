import { createHmac } from "node:crypto";
import type { AccessKeys } from "../service/types";

/** One item of a connection's signature. It covers the connection id alone, not the event. */
export function signatureItem(connectionId: string, accessKey: string): string {
    return `sha256=${createHmac("sha256", accessKey).update(connectionId).digest("hex")}`;
}

/** The `ce-signature` of a connection: one item per access key, so that a handler that knows only one of them can check it. */
export function signConnection(connectionId: string, accessKeys: readonly string[]): string {
    return accessKeys.map((key) => signatureItem(connectionId, key)).join(",");
}

/** A connection that keeps its signature from one event to the next. */
export interface SignedConnection {
    readonly connectionId: string;
    signature?: { keys: AccessKeys; value: string };
}

/** The connection's signature. It is computed again only after the access keys changed. */
export function signatureOf(connection: SignedConnection, keys: AccessKeys): string {
    if (connection.signature?.keys !== keys) {
        connection.signature = {
            keys,
            value: signConnection(connection.connectionId, [keys.primaryKey, keys.secondaryKey]),
        };
    }
    return connection.signature.value;
}
