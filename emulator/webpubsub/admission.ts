import type { IncomingMessage } from "node:http";
import { isValidGroup } from "../core/rest/names";
import {
    type AdmitOptions,
    admitClient,
    ClientRefusal,
    claimTexts,
    connectBody,
    queryValue,
} from "../core/service/clientGate";
import { type GroupMode, kindOf } from "./connection";
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
    if (chooseSubprotocol(offered) === undefined && offered.some(isProtobuf)) {
        throw new ClientRefusal(400, messages.protobuf(offered));
    }
    return {
        userId: claims.sub,
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
    return offered.find((name) => kindOf(name) !== "simple");
}

export function isProtobuf(subprotocol: string): boolean {
    return /^protobuf\.(reliable\.)?webpubsub\.azure\.v1$/i.test(subprotocol);
}

function readGroupMode(query: URLSearchParams): GroupMode | undefined {
    const mode = queryValue(query, "webpubsub_mode");
    if (mode === undefined || mode.toLowerCase() === "sendevent") {
        return undefined;
    }
    const group = queryValue(query, "group");
    if (mode.toLowerCase() !== "sendtogroup" || !isValidGroup(group)) {
        throw new ClientRefusal(400, messages.invalidMode(mode));
    }
    return { group, noEcho: queryValue(query, "noecho")?.toLowerCase() === "true" };
}
