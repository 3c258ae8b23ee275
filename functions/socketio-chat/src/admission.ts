import { isAdmin, maxUserId } from "../../shared/names";
import type { ConnectRequest } from "./bindings";

/** The status code that admits or rejects a socket. */
export function admit(request: ConnectRequest): { statusCode: number } {
    const userId = request.claims?.sub?.[0];
    if (userId === undefined || userId === "") {
        return { statusCode: 401 };
    }
    const banned = [...(request.claims?.banned ?? []), ...(request.query?.banned ?? [])].includes("true");
    return { statusCode: banned || userId.length > maxUserId ? 403 : 200 };
}

/** Like `admit`, but admits only names that start with `admin`. */
export function admitAdmin(request: ConnectRequest): { statusCode: number } {
    const admitted = admit(request);
    return admitted.statusCode === 200 && !isAdmin(request.claims?.sub?.[0] ?? "") ? { statusCode: 403 } : admitted;
}
