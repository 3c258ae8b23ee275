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
export function serviceSasToken(options: ServiceSasOptions): string {
    if (options.resource !== "b") {
        throw new Error(`signedResource is "${options.resource}": the local Azure signs for one blob only, "b"`);
    }
    const [service, account, container, ...blob] = options.canonicalizedResource.replace(/^\//, "").split("/");
    if (service !== "blob" || account !== options.account.name || !container || blob.length === 0) {
        throw new Error(
            `canonicalizedResource is "${options.canonicalizedResource}": it must be /blob/${options.account.name}/<container>/<blob>`,
        );
    }
    return options.account.serviceSas({
        container,
        blob: blob.join("/"),
        permissions: options.permissions,
        expiresOn: parseDate(options.expiry),
        ...(options.start !== undefined && { startsOn: parseDate(options.start) }),
    });
}
