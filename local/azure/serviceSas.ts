import type { StorageAccount } from "../../emulator/storage";
import { parseDate } from "../arm/dates";

export interface ServiceSasOptions {
    account: StorageAccount;
    /** `/blob/<account>/<container>/<blob>`. */
    canonicalizedResource: string;
    /** Kind of resource: only `b`, one blob, is issued here. */
    resource: string;
    permissions: string;
    /** Times in ISO 8601, or as template functions write them. */
    expiry: string;
    start?: string;
}

/** Service SAS of one blob, as Azure Resource Manager signs it with the account's key. */
export function serviceSasToken(o: ServiceSasOptions): string {
    if (o.resource !== "b")
        throw new Error(`signedResource is "${o.resource}": the local Azure signs for one blob only, "b"`);
    const [service, account, container, ...blob] = o.canonicalizedResource.replace(/^\//, "").split("/");
    if (service !== "blob" || account !== o.account.name || !container || blob.length === 0) {
        throw new Error(
            `canonicalizedResource is "${o.canonicalizedResource}": it must be /blob/${o.account.name}/<container>/<blob>`,
        );
    }
    return o.account.serviceSas({
        container,
        blob: blob.join("/"),
        permissions: o.permissions,
        expiresOn: parseDate(o.expiry),
        ...(o.start !== undefined && { startsOn: parseDate(o.start) }),
    });
}
