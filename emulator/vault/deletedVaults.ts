import { join } from "node:path";
import type { Clock } from "../core/clock";
import { readJsonFile, writePrivateJsonFile } from "../core/persistence";
import { VaultError } from "./errors";
import { retentionSeconds } from "./secrets";

/** The names of removed vaults, which hold their names until they are recovered or 90 days have passed. */
export interface DeletedVaults {
    state(name: string): "held" | "expired" | "free";
    add(name: string): void;
    forget(name: string): void;
}

/** Reads and writes a file beside those of the vaults. A vault's name begins with a letter, so no vault's file has this name. */
export function openDeletedVaults({ folder, clock }: { folder: string; clock: Clock }): DeletedVaults {
    const path = join(folder, ".deleted-vaults.json");
    const read = () => new Map(Object.entries((readJsonFile(path) ?? {}) as Record<string, number>));
    const write = (vaults: Map<string, number>) => writePrivateJsonFile(path, Object.fromEntries(vaults));
    const now = () => Math.floor(clock.now() / 1000);
    return {
        state(name) {
            const deleted = read().get(name.toLowerCase());
            if (deleted === undefined) {
                return "free";
            }
            return now() < deleted + retentionSeconds ? "held" : "expired";
        },
        add: (name) => write(read().set(name.toLowerCase(), now())),
        forget(name) {
            const vaults = read();
            if (vaults.delete(name.toLowerCase())) {
                write(vaults);
            }
        },
    };
}

/** Source: what azure-native reports, in issue 2523 of alan-turing-institute/data-safe-haven. */
export function heldVaultName(name: string): VaultError {
    const message =
        "A vault with the same name already exists in deleted state. You need to either recover or purge existing key vault. " +
        `The name is "${name}": set createMode to "recover", or use another name.`;
    return new VaultError({ status: 409, code: "ConflictError", message });
}
