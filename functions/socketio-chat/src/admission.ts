import { isAdmin, maxUserId } from "../../shared/names";
import type { ConnectRequest } from "./bindings";

/** Whether a socket may connect, as the status code that answers it. */
export function admit(request: ConnectRequest): { statusCode: number } {
    const userId = request.claims?.sub?.[0];
    if (userId === undefined || userId === "") {
        return { statusCode: 401 };
    }
    const banned = [...(request.claims?.banned ?? []), ...(request.query?.banned ?? [])].includes("true");
    return { statusCode: banned || userId.length > maxUserId ? 403 : 200 };
}

/** As `admit`, for those whose name starts with `admin`. */
export function admitAdmin(request: ConnectRequest): { statusCode: number } {
    const admitted = admit(request);
    return admitted.statusCode === 200 && !isAdmin(request.claims?.sub?.[0] ?? "") ? { statusCode: 403 } : admitted;
}
