import type { Emulator } from "../../emulator";
import type { RealtimeService } from "../../emulator/core/service/types";
import type { FunctionApp } from "../../emulator/functions";
import type { Principal } from "../../emulator/identity";
import type { SignalRService } from "../../emulator/signalr";
import type { StorageAccount } from "../../emulator/storage";
import type { Vault } from "../../emulator/vault";
import type { ProviderSettings } from "../engine/settings";
import type { Properties } from "../engine/values";
import { parseId } from "./ids";

/** Open resources of one kind, by ARM id. Azure ignores the case of ids. */
export interface Registry<T> {
    add(id: string, thing: T): void;
    remove(id: string): void;
    find(id: string): T | undefined;
    all(): T[];
    /** Throws when no resource has the id, as Azure Resource Manager does for a missing parent. */
    get(id: string): T;
}

export function createRegistry<T>(kind: string): Registry<T> {
    const things = new Map<string, T>();
    return {
        add: (id, thing) => void things.set(id.toLowerCase(), thing),
        remove: (id) => void things.delete(id.toLowerCase()),
        all: () => [...things.values()],
        find: (id) => things.get(id.toLowerCase()),
        get(id) {
            const thing = things.get(id.toLowerCase());
            if (thing !== undefined) {
                return thing;
            }
            const { resourceGroup, name } = parseId(id);
            const where = resourceGroup ? ` in resource group "${resourceGroup}"` : "";
            throw new Error(`${kind} "${name}"${where} does not exist in the local Azure (resource id ${id})`);
        },
    };
}

/** The local Azure, for resource handlers: the emulator and the resources open in it. */
export interface World extends ProviderSettings {
    emulator: Emulator;
    /** Folder for unpacked function code. */
    folder: string;
    now(): number;
    /** Outputs of every resource, for functions that look one up. */
    resources: Registry<Properties>;
    /** Ids of role assignments by their content, because Azure refuses a second assignment of the same content. */
    assignments: Registry<string>;
    vaults: Registry<Vault>;
    storageAccounts: Registry<StorageAccount>;
    /** Web PubSub services of either kind. */
    services: Registry<RealtimeService>;
    signalRServices: Registry<SignalRService>;
    apps: Registry<FunctionApp>;
    /** User-assigned identities by their own id, system-assigned ones by the id of their resource. */
    principals: Registry<Principal>;
}

export function createWorld(options: ProviderSettings & { emulator: Emulator; folder: string; now(): number }): World {
    return {
        ...options,
        resources: createRegistry("Resource"),
        assignments: createRegistry("Role assignment"),
        vaults: createRegistry("Key Vault"),
        storageAccounts: createRegistry("Storage account"),
        services: createRegistry("Web PubSub service"),
        signalRServices: createRegistry("SignalR Service"),
        apps: createRegistry("Function App"),
        principals: createRegistry("Managed identity"),
    };
}
