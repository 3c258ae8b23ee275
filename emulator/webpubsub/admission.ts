import type { IncomingMessage } from "node:http";
import { isValidGroup } from "../core/rest/names";
import {
    type AdmitOptions,
    admitClient,
    ClientRefusal,
    claimTexts,
    connectBody,
    userOf,
} from "../core/service/clientGate";
import { findSubprotocol } from "./codecs";
import type { GroupMode } from "./connection";
import { messages } from "./errors";

/** A client, as its token and its request describe it. */
export interface ClientInfo {
    userId: string | undefined;
    roles: string[];
    groups: string[];
    /** Subprotocols that the client offers, in its order. */
    offered: readonly string[];
    groupMode: GroupMode | undefined;
    /** Body of its connect event. */
    body: string;
}

/** Checks everything that does not need the event handler. Throws `ClientRefusal`. */
export function readClient(options: AdmitOptions): ClientInfo {
    const { request, client } = options;
    const offered = offeredSubprotocols(request);
    const claims = admitClient(options);
    const groups = claimTexts(claims["webpubsub.group"]);
    if (!groups.every(isValidGroup)) {
        throw new ClientRefusal(400, messages.invalidTokenGroup);
    }
    return {
        userId: userOf(claims),
        roles: claimTexts(claims.role),
        groups,
        offered,
        groupMode: readGroupMode(client.query),
        body: connectBody({ rawHeaders: request.rawHeaders, query: client.query, claims, subprotocols: offered }),
    };
}

export function offeredSubprotocols(request: IncomingMessage): string[] {
    const header = request.headers["sec-websocket-protocol"] ?? "";
    return header
        .split(",")
        .map((name) => name.trim())
        .filter((name) => name !== "");
}

/** The subprotocol when no handler chooses one: the first offered one that the service speaks. */
export function chooseSubprotocol(offered: readonly string[]): string | undefined {
    return offered.find((name) => findSubprotocol(name) !== undefined);
}

/**
 * Reads the mode of a simple client. Of a repeated parameter the last value counts, and an empty mode is none. A client with a
 * subprotocol has no use for it, and is refused for a wrong one all the same. Source: README.md, "Raw WebSocket events and group
 * sends", and RawEventsReuseHandlerAndReturnUnwrappedFrames of the vendor's own emulator.
 */
function readGroupMode(query: URLSearchParams): GroupMode | undefined {
    const mode = lastValue(query, "webpubsub_mode").toLowerCase();
    if (mode === "" || mode === "sendevent") {
        return undefined;
    }
    const group = lastValue(query, "group");
    const noEcho = lastValue(query, "noecho").trim().toLowerCase();
    if (mode !== "sendtogroup" || !isValidGroup(group) || !["", "true", "false"].includes(noEcho)) {
        throw new ClientRefusal(400, messages.invalidMode(mode));
    }
    return { group, noEcho: noEcho === "true" };
}

function lastValue(query: URLSearchParams, name: string): string {
    return [...query].filter(([key]) => key.toLowerCase() === name).at(-1)?.[1] ?? "";
}
