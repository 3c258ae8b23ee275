import { hmac } from "./sharedKey";
import type { SasRequest } from "./types";

/** Storage version that defines the signed text below. */
const version = "2022-11-02";

/** Permission letters of a service SAS for a blob, in their required order. */
const permissionOrder = "racwdxytmeop";

/** Signs a service SAS for one blob. Throws `RangeError` for permissions or times that Azure would refuse. */
export function signServiceSas(request: SasRequest & { account: string; key: string }): string {
    checkPermissions(request.permissions);
    if (request.startsOn !== undefined && request.startsOn >= request.expiresOn) {
        throw new RangeError(
            `A SAS must start before it expires: it starts ${time(request.startsOn)} and expires ${time(request.expiresOn)}.`,
        );
    }
    const start = request.startsOn === undefined ? "" : time(request.startsOn);
    const expiry = time(request.expiresOn);
    const resource = `/blob/${request.account}/${request.container}/${request.blob}`;
    // Unused fields still take a line: identifier, IP, protocol; snapshot, scope, and five response headers.
    const unused = { beforeVersion: ["", "", ""], afterResource: ["", "", "", "", "", "", ""] };
    const text = [
        request.permissions,
        start,
        expiry,
        resource,
        ...unused.beforeVersion,
        version,
        "b",
        ...unused.afterResource,
    ].join("\n");
    const query = new URLSearchParams({ sv: version, ...(start === "" ? {} : { st: start }), se: expiry, sr: "b" });
    query.set("sp", request.permissions);
    query.set("sig", hmac(text, request.key));
    return query.toString();
}

function checkPermissions(permissions: string): void {
    const ordered = [...permissionOrder].filter((letter) => permissions.includes(letter)).join("");
    if (permissions === "" || ordered !== permissions) {
        throw new RangeError(
            `SAS permissions "${permissions}" are not valid. Use letters of "${permissionOrder}", each once and in this order.`,
        );
    }
}

/** SAS times have whole seconds. */
function time(date: Date): string {
    return `${date.toISOString().slice(0, 19)}Z`;
}
