import { maxUserId } from "../../shared/names";
import type { ConnectRequest } from "./events";

/** The group everyone is in from the start. */
export const lobby = "lobby";

/** What this chat can speak, best first. A client of the last one sends and gets plain WebSocket messages. */
const subprotocols = ["json.reliable.webpubsub.azure.v1", "json.webpubsub.azure.v1", "chat.text.v1"];

export type Admission =
    | { userId: string; groups: string[]; roles: string[]; subprotocol?: string }
    | { code: "unauthorized" | "userError"; errorMessage: string };

/** Whether a client may connect, and as whom; `code` and `errorMessage` turn it away. */
export function admit(request: ConnectRequest): Admission {
    const banned = [...(request.claims?.banned ?? []), ...(request.query?.banned ?? [])].includes("true");
    if (banned) {
        return { code: "unauthorized", errorMessage: "you are banned from this chat" };
    }
    const { connectionId, userId } = request.connectionContext;
    const name = userId?.trim() || `guest-${connectionId.slice(0, 6)}`;
    if (name.length > maxUserId) {
        return { code: "userError", errorMessage: `a name may have ${maxUserId} characters at most` };
    }
    const subprotocol = subprotocols.find((known) => request.subprotocols?.includes(known));
    return {
        userId: name,
        groups: [lobby],
        // The lobby only: the right to write to another group comes with joining it.
        roles: [`webpubsub.sendToGroup.${lobby}`],
        ...(subprotocol === undefined ? {} : { subprotocol }),
    };
}
