import type { IncomingMessage } from "node:http";
import { bearerToken } from "../core/http";
import { AuthorizationError, vaultAudience } from "../identity";
import { deletedSecretOperations } from "./deletedSecrets";
import { closedNetwork, VaultError } from "./errors";
import { type DataPlane, type SecretOperation, secretOperations } from "./operations";
import { badParameter, checkApiVersion, checkSecretName } from "./rules";

/** Serves one request of the secrets API and resolves with the body of the answer, undefined for a 204. Throws `VaultError` or `AuthorizationError`. */
export async function serveSecrets(vault: DataPlane, request: IncomingMessage): Promise<unknown> {
    const token = bearerToken(request);
    if (token === undefined) {
        throw new AuthorizationError(401, "AKV10000: Request is missing a Bearer or PoP token.");
    }
    const url = parseUrl(request.url ?? "/", vault.uri);
    checkApiVersion(url.searchParams.getAll("api-version"));
    const { operation, name, version } = findOperation({ method: request.method ?? "", url, vault });
    if (name !== "") {
        checkSecretName(name);
    }
    const scope = scopeOf(vault, name);
    const check = { token, audience: vaultAudience, anyRole: operation.anyRole, scope };
    const { principalId } = await vault.identity.authorize(check);
    const closed = vault.networkFault?.(principalId);
    if (closed !== undefined) {
        throw closedNetwork(closed);
    }
    return operation.run({ vault, name, version, url, request });
}

/** Scope of a role assignment that covers one secret, or the whole vault when no secret is named. */
export function scopeOf(vault: Pick<DataPlane, "id">, secretName: string): string {
    return secretName === "" ? vault.id : `${vault.id}/secrets/${secretName}`;
}

interface Match {
    operation: SecretOperation;
    /** Empty when the path names no secret. */
    name: string;
    version: string | undefined;
}

function findOperation({ method, url, vault }: { method: string; url: URL; vault: DataPlane }): Match {
    const operations = vault.softDelete ? [...secretOperations, ...deletedSecretOperations] : secretOperations;
    const parts = url.pathname.split("/").filter((part) => part !== "");
    for (const operation of operations) {
        const pattern = operation.path.split("/").slice(1);
        const fits =
            operation.method === method &&
            pattern.length === parts.length &&
            pattern.every((part, index) => part.startsWith("{") || part === parts[index]);
        if (fits) {
            const part = (placeholder: string) => parts[pattern.indexOf(placeholder)];
            return { operation, name: part("{name}") ?? "", version: part("{version}") };
        }
    }
    const served = operations.map((operation) => `${operation.method} ${operation.path}`).join(", ");
    const message = `${method} ${url.pathname} is not emulated. Served: ${served}.`;
    throw new VaultError({ status: 404, code: "NotFound", message });
}

function parseUrl(path: string, base: string): URL {
    if (!URL.canParse(path, base)) {
        throw badParameter("The path of the request is not a URL path.");
    }
    return new URL(path, base);
}
