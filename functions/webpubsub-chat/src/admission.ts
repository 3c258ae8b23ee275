import { maxUserId } from "../../shared/names";
import type { ConnectRequest } from "./events";

/** Group that every client belongs to from the start. */
export const lobby = "lobby";

/** Supported subprotocols, best first. Clients of the last one send and receive plain WebSocket messages. */
const subprotocols = ["json.reliable.webpubsub.azure.v1", "json.webpubsub.azure.v1", "chat.text.v1"];

export type Admission =
    | { userId: string; groups: string[]; roles: string[]; subprotocol?: string }
    | { code: "unauthorized" | "userError"; errorMessage: string };

/** Admits a client under a name, or rejects it with `code` and `errorMessage`. */
export function admit(request: ConnectRequest): Admission {
    const banned = [...(request.claims?.banned ?? []), ...(request.query?.banned ?? [])].includes("true");
    if (banned) {
        return { code: "unauthorized", errorMessage: "you are banned from this chat" };
    }
    const { connectionId, userId } = request.connectionContext;
    const name = userId?.trim() || `guest-${connectionId.slice(0, 6)}`;
    if (name.length > maxUserId) {
        return { code: "userError", errorMessage: `a name may have at most ${maxUserId} characters` };
    }
    const subprotocol = subprotocols.find((known) => request.subprotocols?.includes(known));
    return {
        userId: name,
        groups: [lobby],
        // Only for the lobby. A client gets the right to write to another group when it joins that group.
        roles: [`webpubsub.sendToGroup.${lobby}`],
        ...(subprotocol === undefined ? {} : { subprotocol }),
    };
}
