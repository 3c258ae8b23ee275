import type { IncomingMessage, ServerResponse } from "node:http";
import { sendJson } from "../core/http";
import { sameId } from "./assignments";
import { normalizeAudience } from "./audience";
import type { IssuedToken } from "./tokens";
import type { Principal } from "./types";

/** Supported version of App Service's managed identity protocol. */
const apiVersion = "2019-08-01";

/** Query parameters that select an identity, with the property that each is compared with. */
const selectors: Record<string, (principal: Principal) => string> = {
    client_id: (principal) => principal.clientId,
    principal_id: (principal) => principal.principalId,
    object_id: (principal) => principal.principalId,
    mi_res_id: (principal) => principal.resourceId,
};

export interface IdentityEndpointOptions {
    /** Principals that an identity header gives tokens for; undefined for an unknown header. */
    principalsFor(header: string): readonly Principal[] | undefined;
    issue(options: { principal: Principal; audience: string }): IssuedToken;
}

interface Exchange {
    request: IncomingMessage;
    response: ServerResponse;
    options: IdentityEndpointOptions;
}

/** Serves `GET /msi/token`, as App Service does for the code of an app. */
export function createTokenEndpoint(
    options: IdentityEndpointOptions,
): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
    return (request, response) => answer({ request, response, options });
}

async function answer({ request, response, options }: Exchange): Promise<void> {
    const refuse = (status: number, message: string) =>
        sendJson(response, { status, body: { statusCode: status, message } });
    const target = request.url ?? "/";
    if (!URL.canParse(target, "http://localhost")) {
        return refuse(400, "The target of the request is not a URL. The managed identity endpoint is /msi/token.");
    }
    const url = new URL(target, "http://localhost");
    if (url.pathname !== "/msi/token") {
        return refuse(404, `There is nothing at ${url.pathname}. The managed identity endpoint is /msi/token.`);
    }
    if (request.method !== "GET") {
        return refuse(405, `Method ${request.method} is not allowed. Use GET.`);
    }
    const principals = options.principalsFor(String(request.headers["x-identity-header"] ?? ""));
    if (principals === undefined) {
        return refuse(401, "Header X-IDENTITY-HEADER is missing or wrong. Send the value of IDENTITY_HEADER.");
    }
    if (url.searchParams.get("api-version") !== apiVersion) {
        return refuse(400, `Query parameter api-version must be ${apiVersion}.`);
    }
    const resource = url.searchParams.get("resource") ?? "";
    if (resource === "") {
        return refuse(400, "Query parameter resource is missing. It is the audience of the token.");
    }
    const chosen = choose(url.searchParams, principals);
    if (typeof chosen === "string") {
        return refuse(400, chosen);
    }
    const { token, expiresOn } = options.issue({ principal: chosen, audience: normalizeAudience(resource) });
    sendJson(response, {
        status: 200,
        body: {
            access_token: token,
            expires_on: String(expiresOn),
            resource,
            token_type: "Bearer",
            client_id: chosen.clientId,
        },
    });
}

/** Returns the requested identity, or the reason why there is none. */
function choose(query: URLSearchParams, principals: readonly Principal[]): Principal | string {
    for (const [name, idOf] of Object.entries(selectors)) {
        const wanted = query.get(name);
        if (wanted !== null) {
            const found = principals.find((principal) => sameId(idOf(principal), wanted));
            const known = principals.map(idOf).join(", ") || "none";
            return found ?? `No identity of this app has ${name} "${wanted}". It has: ${known}.`;
        }
    }
    return principals[0] ?? "This app has no managed identity. Assign one to it.";
}
