import type { RoleName } from "../identity";

const owners: readonly RoleName[] = ["storageBlobDataOwner"];
const writers: readonly RoleName[] = ["storageBlobDataContributor", ...owners];
const readers: readonly RoleName[] = ["storageBlobDataReader", ...writers];

/** Operations on access policies and tags, which need the owner's role. */
const ownerOperations = new Set(["acl", "tags"]);
/** Operations whose body holds the requests to authorize, or that need a directory. */
const notEmulated = new Map([
    ["batch", "Blob batches with a bearer token are not emulated. Send the requests one by one."],
    [
        "userdelegationkey",
        "User delegation keys are not emulated. Use the bearer token itself, or a SAS signed by key.",
    ],
]);

export type Permission = { anyRole: readonly RoleName[] } | { notEmulated: string };

/** The roles that allow a blob request with a bearer token. Source: "Permissions for blob service operations". */
export function permissionFor(options: { method: string; query: URLSearchParams }): Permission {
    const operation = (options.query.get("comp") ?? "").toLowerCase();
    const refusal = options.method === "POST" ? notEmulated.get(operation) : undefined;
    if (refusal !== undefined) {
        return { notEmulated: refusal };
    }
    if (ownerOperations.has(operation)) {
        return { anyRole: owners };
    }
    const reads =
        options.method === "GET" || options.method === "HEAD" || (options.method === "POST" && operation === "query");
    return { anyRole: reads ? readers : writers };
}

/** Roles that read the source of a copy. */
export const copySourceRoles = readers;

/** ARM id of a container, or of the account when none is named. */
export function scopeOf(options: { accountId: string; container: string | undefined }): string {
    return options.container === undefined || options.container === ""
        ? options.accountId
        : `${options.accountId}/blobServices/default/containers/${options.container}`;
}
