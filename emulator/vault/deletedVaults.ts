import { join } from "node:path";
import type { Clock } from "../core/clock";
import { mapFault, readKeptJson, writePrivateJsonFile } from "../core/persistence";
import { VaultError } from "./errors";

/** A removed vault, whose name stays taken until its retention ends. */
export interface DeletedVault {
    /** Milliseconds since the Unix epoch at which the name is free. */
    freeOn: number;
    /** Whether nobody may purge it before. */
    purgeProtected: boolean;
}

/** The names of removed vaults, which hold their names until they are recovered or their retention has passed. */
export interface DeletedVaults {
    find(name: string): (DeletedVault & { isHeld: boolean }) | undefined;
    add(name: string, deletion: { retentionDays: number; purgeProtected: boolean }): void;
    forget(name: string): void;
}

const dayMilliseconds = 24 * 3600 * 1000;

/** Reads and writes a file beside those of the vaults. A vault's name begins with a letter, so no vault's file has this name. */
export function openDeletedVaults({ folder, clock }: { folder: string; clock: Clock }): DeletedVaults {
    const path = join(folder, ".deleted-vaults.json");
    const faultOf = (value: unknown) => mapFault(value, "object");
    const read = () => new Map(Object.entries(readKeptJson<Record<string, DeletedVault>>({ path, faultOf }) ?? {}));
    const write = (vaults: Map<string, DeletedVault>) => writePrivateJsonFile(path, Object.fromEntries(vaults));
    return {
        find(name) {
            const deleted = read().get(name.toLowerCase());
            return deleted && { ...deleted, isHeld: clock.now() < deleted.freeOn };
        },
        add(name, { retentionDays, purgeProtected }) {
            const freeOn = clock.now() + retentionDays * dayMilliseconds;
            write(read().set(name.toLowerCase(), { freeOn, purgeProtected }));
        },
        forget(name) {
            const vaults = read();
            if (vaults.delete(name.toLowerCase())) {
                write(vaults);
            }
        },
    };
}

/** Source: what azure-native reports, in issue 2523 of alan-turing-institute/data-safe-haven. */
export function heldVaultName(name: string, { freeOn, purgeProtected }: DeletedVault): VaultError {
    const until = new Date(freeOn).toISOString().slice(0, 10);
    const hint = purgeProtected
        ? `The deleted vault "${name}" has purge protection, so nobody can purge it: use another name until ${until}, or recover it with properties.createMode "recover"`
        : `The deleted vault "${name}" keeps its name until ${until}: purge it, recover it with properties.createMode "recover", or use another name`;
    const message =
        "A vault with the same name already exists in deleted state. You need to either recover or purge existing key vault. " +
        "Follow this link https://go.microsoft.com/fwlink/?linkid=2149745 for more information on soft delete.";
    return new VaultError({ status: 409, code: "ConflictError", message, hint });
}
