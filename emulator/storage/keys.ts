import { randomBytes } from "node:crypto";
import { mapFault, readKeptJson, writePrivateJsonFile } from "../core/persistence";

export interface AccountKeys {
    /** The account's key. Creates and stores one when there is none. */
    get(account: string): string;
    set(account: string, key: string): void;
    delete(account: string): void;
}

/** Stores account keys in a file, so that they survive a restart. */
export function openAccountKeys({ path }: { path: string }): AccountKeys {
    const faultOf = (value: unknown) => mapFault(value, "string");
    const stored = readKeptJson<Record<string, string>>({ path, faultOf }) ?? {};
    const keys = new Map(Object.entries(stored));
    const save = () => writePrivateJsonFile(path, Object.fromEntries(keys));

    function set(account: string, key: string): void {
        if (keys.get(account) !== key) {
            keys.set(account, key);
            save();
        }
    }

    return {
        set,
        get(account) {
            const key = keys.get(account) ?? randomBytes(64).toString("base64");
            set(account, key);
            return key;
        },
        delete(account) {
            if (keys.delete(account)) {
                save();
            }
        },
    };
}
