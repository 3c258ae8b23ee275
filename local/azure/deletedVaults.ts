import { join } from "node:path";
import { readJsonFile, writePrivateJsonFile } from "../../emulator/core/persistence";
import { isObject, type Properties } from "../engine/values";
import { armError } from "./armErrors";
import { object } from "./inputs";
import type { World } from "./world";

const defaultRetentionDays = 90;
const dayMilliseconds = 24 * 3600 * 1000;

// Kept in a file, because a name stays taken after the stack and the process that had the vault are gone.
const fileIn = (world: World) => join(world.folder, "deletedVaults.json");

function read(world: World): Properties {
    const content = readJsonFile(fileIn(world));
    return isObject(content) ? content : {};
}

/** Remembers a deleted vault, whose name stays taken until its retention ends. Only a local Azure with Azure's timing does this. */
export function rememberDeletedVault(
    world: World,
    { name, properties }: { name: string; properties: Properties },
): void {
    if (world.azureTiming === undefined) {
        return;
    }
    const { softDeleteRetentionInDays: days, enablePurgeProtection } = properties;
    const freeOn = world.now() + (typeof days === "number" ? days : defaultRetentionDays) * dayMilliseconds;
    writePrivateJsonFile(fileIn(world), {
        ...read(world),
        [name.toLowerCase()]: { freeOn, purgeProtected: enablePurgeProtection === true },
    });
}

/** Refuses a new vault with the name of a deleted one, unless it recovers that one. */
export function refuseDeletedName(world: World, { name, properties }: { name: string; properties: Properties }): void {
    if (world.azureTiming === undefined) {
        return;
    }
    const all = read(world);
    const found = object(all[name.toLowerCase()]);
    if (typeof found.freeOn !== "number" || found.freeOn <= world.now()) {
        return;
    }
    if (properties.createMode === "recover") {
        delete all[name.toLowerCase()];
        writePrivateJsonFile(fileIn(world), all);
        return;
    }
    const until = new Date(found.freeOn).toISOString().slice(0, 10);
    throw armError({
        status: 409,
        code: "ConflictError",
        message:
            "A vault with the same name already exists in deleted state. You need to either recover or purge existing key vault. " +
            "Follow this link https://go.microsoft.com/fwlink/?linkid=2149745 for more information on soft delete.",
        hint: found.purgeProtected
            ? `The deleted vault "${name}" has purge protection, so nobody can purge it: use another name until ${until}, or recover it with properties.createMode "recover"`
            : `The deleted vault "${name}" keeps its name until ${until}: purge it, recover it with properties.createMode "recover", or use another name`,
    });
}
