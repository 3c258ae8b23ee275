import type { IncomingMessage } from "node:http";
import { splitUrl } from "../core/http";
import { isValidHub } from "../core/rest/names";
import { admitClient, ClientRefusal, claimTexts, queryValue } from "../core/service/clientGate";
import type { Claims, VerifyingKey } from "../core/service/tokens";
import type { ClientInfo } from "./connection";
import { messages } from "./errors";

/** Path of clients and of their tokens' audience. The hub is in the query of both. */
export const clientPath = "/client";

export interface AdmissionOptions {
    request: IncomingMessage;
    query: URLSearchParams;
    keys: readonly VerifyingKey[];
    hosts: readonly string[];
    now: number;
}

/** Checks a client's token. Throws `ClientRefusal`. */
export function readClient(options: AdmissionOptions): ClientInfo {
    const { request, query } = options;
    const hub = queryValue(query, "hub") ?? "";
    if (hub === "") {
        throw new ClientRefusal(400, messages.noHub);
    }
    if (!isValidHub(hub)) {
        throw new ClientRefusal(400, messages.invalidHub(hub));
    }
    const client = { hub, path: clientPath, query };
    const claims = admitClient({ ...options, client, anonymous: false });
    const audiences = claimTexts(claims.aud);
    if (!audiences.some((audience) => hubOf(audience) === hub.toLowerCase())) {
        throw new ClientRefusal(401, messages.wrongHub({ audiences: audiences.join("', '"), hub }));
    }
    return { hub, userId: userOf(claims), claims: textsOf(claims), query: shownQuery(request.url ?? "") };
}

function hubOf(audience: string): string | undefined {
    return URL.canParse(audience) ? new URL(audience).searchParams.get("hub")?.toLowerCase() : undefined;
}

/** Finds the user. Tokens that were made without an SDK have only the standard claims. Source: the service's own emulator. */
function userOf(claims: Claims): string | undefined {
    return [claims["asrs.s.uid"], claims.nameid, claims.sub].find((claim) => typeof claim === "string");
}

function textsOf(claims: Claims): string[] {
    return Object.entries(claims).flatMap(([type, value]) => claimTexts(value).map((text) => `${type}: ${text}`));
}

/** The query without the token and the connection's secret. */
function shownQuery(url: string): string {
    const parts = splitUrl(url).search.split("&");
    const shown = parts.filter((part) => part !== "" && !/^(access_token|id)(=|$)/i.test(part));
    return shown.length === 0 ? "" : `?${shown.join("&")}`;
}
