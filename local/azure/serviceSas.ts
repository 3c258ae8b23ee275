import type { StorageAccount } from "../../emulator/storage";
import { parseDate } from "../arm/dates";

export interface ServiceSasOptions {
    account: StorageAccount;
    /** `/blob/<account>/<container>/<blob>`. */
    canonicalizedResource: string;
    /** Kind of resource. The local Azure supports only `b`, a single blob. */
    resource: string;
    permissions: string;
    /** Expiry and start are in ISO 8601 or in the format of template functions. */
    expiry: string;
    start?: string;
}

/** Signs a service SAS for one blob with the account's key, as Azure Resource Manager does. */
export function serviceSasToken(options: ServiceSasOptions): string {
    if (options.resource !== "b") {
        throw new Error(
            `signedResource is "${options.resource}": it must be "b", because the local Azure signs only for a single blob`,
        );
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
